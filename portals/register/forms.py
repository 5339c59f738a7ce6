"""What an officer writes about a person: who he is, what he does, which key group he belongs to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Area
from core import clock
from core.errors import Refusal
from registry.labour.codes import Education, Group, HukouType, JobForm, LabourState, Reach, Sector, Sex
from registry.labour.commands import Doing, Particulars

NOTHING = [("", "—")]
MONTHS = ["%Y-%m", "%Y-%m-%d", "%Y.%m", "%Y年%m月", "%Y%m"]


class PersonForm(forms.Form):
    """Who somebody is; an empty number or phone leaves what is kept."""

    name = forms.CharField(label=_("姓名"), max_length=50)
    sex = forms.ChoiceField(label=_("性别"), choices=Sex.choices[1:3])
    birth_month = forms.DateField(label=_("出生年月"), input_formats=MONTHS, help_text=_("例如 1990-03。"))
    id_number = forms.CharField(label=_("身份证号码"), max_length=18, required=False)
    phone = forms.CharField(label=_("联系电话"), max_length=20, required=False)
    group_name = forms.CharField(label=_("村民小组"), max_length=40, required=False)
    education = forms.ChoiceField(label=_("文化程度"), choices=[*NOTHING, *Education.choices], required=False)
    hukou_type = forms.ChoiceField(label=_("户口性质"), choices=[*NOTHING, *HukouType.choices], required=False)
    land_sea_loss = forms.BooleanField(label=_("失地失海"), required=False)
    training_wish = forms.CharField(label=_("培训意愿"), max_length=120, required=False)

    def particulars(self) -> Particulars:
        """What was filled in; the education's own words are its label."""
        data: dict[str, Any] = dict(self.cleaned_data)
        code = data["education"]
        return Particulars(**data, education_text=str(Education(code).label) if code else "")

    def takes(self, refusal: Refusal) -> None:
        """Show a refusal beside the fields it names, or above them all."""
        for name, fault in refusal.fields.items():
            self.add_error(name if name in self.fields else None, fault)
        if not refusal.fields:
            self.add_error(None, refusal.message)


class DoingForm(forms.Form):
    """What somebody does from a day on."""

    status = forms.ChoiceField(label=_("状态"), choices=LabourState.choices)
    since = forms.DateField(label=_("起始日期"), widget=forms.DateInput(attrs={"type": "date"}), initial=clock.today)
    employer = forms.CharField(label=_("就业单位"), max_length=120, required=False)
    trade = forms.CharField(label=_("工种"), max_length=60, required=False)
    wanted_trade = forms.CharField(label=_("求职意向工种"), max_length=60, required=False)
    destination = forms.CharField(label=_("外出地点"), max_length=120, required=False)
    reach = forms.ChoiceField(label=_("外出流向"), choices=[*NOTHING, *Reach.choices], required=False)
    job_form = forms.ChoiceField(label=_("就业形式"), choices=[*NOTHING, *JobForm.choices], required=False)
    sector = forms.ChoiceField(label=_("所属产业"), choices=[*NOTHING, *Sector.choices], required=False)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)

    def doing(self) -> Doing:
        """What was filled in."""
        return Doing(**self.cleaned_data)


class GroupForm(forms.Form):
    """A key group, as said or as certified."""

    group = forms.ChoiceField(label=_("重点群体"), choices=Group.choices)
    certified = forms.BooleanField(label=_("经认定"), required=False)
    on = forms.DateField(label=_("认定日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    organ = forms.CharField(label=_("认定机关"), max_length=60, required=False)
    number = forms.CharField(label=_("认定编号"), max_length=60, required=False)


def sound(form: forms.Form) -> forms.Form:
    """The form when it is filled in as it must be; refuses `form_invalid` with its sentences."""
    if form.is_valid():
        return form
    faults = "；".join(
        f"{form.fields[name].label}：{errors[0]}" for name, errors in form.errors.items() if name in form.fields
    )
    raise Refusal("form_invalid", faults or str(_("填写有误，请核对。")))


def area_in(text: str, villages: Any) -> Area | None:
    """The village chosen, when it is one of those."""
    return villages.filter(pk=int(text)).first() if text.isascii() and text.isdigit() and len(text) < 19 else None
