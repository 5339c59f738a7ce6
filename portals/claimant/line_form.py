"""The form of one worker: the columns of the roster as fields, read by the roster's own reader."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Area
from core import clock
from core.errors import Refusal
from core.identifiers import LABELS
from documents.rosters import Column, RosterKind, RosterValues, columns_of, read_row
from documents.rosters.columns import EDUCATION, INSURANCES, SEXES
from workflows.claims import ClaimLine
from workflows.roster_lines import village_codes

LONGEST = 200
PICK = ("", _("请选择"))
YES_NO = [PICK, ("是", _("是")), ("否", _("否"))]
GROUPS = (
    (_("本人情况"), ("name", "sex", "id_type", "id_number", "phone", "education", "hukou_in_zone", "village", "hukou_address")),
    (_("用工情况"), (
        "lender_name", "lender_uscc", "employer_name", "employer_uscc", "job", "hire_date", "lending_to", "actual_days",
        "payroll_months", "still_employed", "signed",
    )),
    (_("合同与社保"), ("contract_from", "contract_to", "insurance_types", "insured_from", "insured_months")),
    (_("其他"), ("channel", "referral_letter_no", "note")),
)  # fmt: skip


class LineForm(forms.Form):
    """One field a column; `values` is what the roster's reader made of them, `takes` puts a refusal at its field."""

    values: RosterValues

    def __init__(self, kind: RosterKind, *, data: Any = None, line: ClaimLine | None = None) -> None:
        super().__init__(data, initial=_initial(line) if line else {"id_type": "resident_id"}, auto_id="f-%s")
        self.kind = kind
        for column in columns_of(kind):
            if column.key != "seq":
                self.fields[column.key] = _field(column)

    def clean(self) -> dict[str, Any]:
        """Read the row as a sheet's row is read; each error stands at its field."""
        data = super().clean() or {}
        raw = {key: _cell(value) for key, value in data.items()}
        row = read_row(raw, kind=self.kind, on=clock.today(), village_codes=village_codes())
        for error in row.errors:
            if error.column in self.fields and not self.has_error(error.column):
                self.add_error(error.column, error.message.partition("：")[2])
        if row.values is not None:
            self.values = row.values
        return data

    def takes(self, refusal: Refusal) -> bool:
        """Show a refused line in the form, at its field or over all; a refusal of another nature is not the form's."""
        if refusal.code not in {"name_clash", "line_twice", "too_many_lines"}:
            return False
        for name, sentence in (refusal.fields or {"": refusal.message}).items():
            self.add_error(name if name in self.fields else None, sentence)
        return True

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings, empty headings left out."""
        found = ((title, [self[key] for key in keys if key in self.fields]) for title, keys in GROUPS)
        return [(str(title), fields) for title, fields in found if fields]


def _cell(value: Any) -> str | None:
    return "、".join(value) if isinstance(value, list) else (str(value) if value else None)


def _field(column: Column) -> forms.Field:
    """A form field for a column; whether its content is right is the reader's to say."""
    common: dict[str, Any] = {
        "label": column.title,
        "required": column.required,
        "error_messages": {"required": _("未填写，请补充。")},
    }
    if column.key == "contract_to":
        common["help_text"] = _("无固定期限的不填。")
    match column.kind:
        case "sex":
            return forms.ChoiceField(choices=[PICK, *((word, word) for word in SEXES)], **common)
        case "id_type":
            return forms.ChoiceField(choices=[(kind.value, label) for kind, label in LABELS.items()], **common)
        case "yes_no" | "signed":
            return forms.ChoiceField(choices=YES_NO, **common)
        case "education":
            return forms.ChoiceField(choices=[PICK, *((word, word) for word in EDUCATION)], **common)
        case "village":
            return forms.ChoiceField(choices=villages, help_text=_("本区户籍人员必选，非本区户籍不选。"), **common)
        case "insurance":
            box = forms.CheckboxSelectMultiple
            return forms.MultipleChoiceField(choices=[(word, word) for word in INSURANCES], widget=box, **common)
        case "date" | "month":
            widget = forms.TextInput(attrs={"type": column.kind, "autocomplete": "off"})
            return forms.CharField(max_length=LONGEST, widget=widget, **common)
    common.setdefault("help_text", column.help if column.kind in {"months", "uscc", "name"} else "")
    return forms.CharField(max_length=LONGEST, widget=forms.TextInput(attrs=_attributes(column)), **common)


def _attributes(column: Column) -> dict[str, str]:
    attributes = {"autocomplete": "off"}
    if column.kind in {"count", "phone"}:
        attributes["inputmode"] = "numeric"
    if column.kind in {"id_number", "uscc"}:
        attributes |= {"spellcheck": "false", "autocapitalize": "characters", "maxlength": "30"}
    return attributes


def villages() -> list[tuple[str, Any]]:
    """The zone's villages by township; one query, asked anew for each form."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for area in Area.objects.filter(kind=Area.Kind.VILLAGE).select_related("parent"):
        grouped.setdefault(area.parent.name if area.parent else "", []).append((area.code, area.name))
    return [PICK, *grouped.items()]


def _initial(line: ClaimLine) -> dict[str, Any]:
    """What a saved line puts into the fields; its own columns, and the rest from its details."""
    words = {True: "是", False: "否", None: ""}
    worker, details = line.worker, line.details
    return {
        "name": worker.name if worker else "",
        "sex": next((word for word, code in SEXES.items() if worker and code == worker.sex), ""),
        "id_type": worker.id_type if worker else "",
        "id_number": worker.id_number if worker else "",
        "phone": line.phone,
        "village": line.home.code if line.home else "",
        "employer_name": line.employer_name,
        "employer_uscc": line.employer_uscc,
        "lender_name": line.lender_name,
        "lender_uscc": line.lender_uscc,
        **{key: _day(getattr(line, key)) for key in ("hire_date", "lending_to", "contract_from", "contract_to")},
        "insured_from": f"{line.insured_from:%Y-%m}" if line.insured_from else "",
        "insured_months": "" if line.insured_months is None else line.insured_months,
        "still_employed": words[line.still_employed],
        "hukou_in_zone": words[details.get("hukou_in_zone")],
        "signed": words[details.get("signed")],
        **{
            key: details.get(key, "")
            for key in ("job", "education", "channel", "referral_letter_no", "note", "hukou_address", "actual_days")
        },
        "payroll_months": "、".join(month[:7] for month in details.get("payroll_months", [])),
        "insurance_types": list(details.get("insurance_types", [])),
    }


def _day(value: Any) -> str:
    return value.isoformat() if value else ""
