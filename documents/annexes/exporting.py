"""An annex out of the register: for a village, a town or the zone; recorded, for it holds phones."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any, cast

from django.utils.translation import gettext as _

from accounts.acting import Actor, acting_in
from accounts.models import Area
from core import clock
from core.errors import Refusal
from core.identifiers import mask_id
from core.jobs import Job, Run, enqueue
from core.timeline import SYSTEM, record
from documents.annexes.columns import SHORT
from documents.annexes.examining import own_titles
from documents.annexes.parts import Part
from documents.files import enter, put
from registry.labour import access, queries
from registry.labour.codes import HukouType, JobForm, Reach, Sector
from registry.models import GridWorker, LabourPerson

WRITE = "annexes.write"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST = 60_000  # people in one workbook: more takes more memory than a worker has


def can_export(by: Actor, area: Area) -> Any:
    """Whether the post may have the annexes of an area: its own or one inside it."""
    verdict = access.can_open(by)
    return (verdict if by.area is not None and by.area.contains(area) else access.NOT_SEEN) if verdict else verdict


def start_export(*, annex: int, area: Area, by: Actor) -> Job:
    """Enqueue the workbook; it is offered on the job's page. Refuses `annex_unknown` and an area that is not seen."""
    if annex not in SHORT:
        raise Refusal("annex_unknown", _("没有这一附件，请选择附件1、2或3。"))
    can_export(by, area).require()
    key = f"{by.user_id}:{by.post_id}:{annex}:{area.pk}"
    return enqueue(WRITE, arguments={"annex": annex, "area": area.pk}, by=by, key=key)


def carry_out_writing(run: Run) -> dict[str, Any]:
    """The workbook as a job."""
    annex, area = run.arguments["annex"], Area.objects.get(pk=run.arguments["area"])
    by = cast(Actor, run.started_by(acting_in))
    can_export(by, area).require()
    run.tell(saying=_("整理名单"))
    data, people = export_annex(annex=annex, area=area)
    laid = put(data)
    with run.step(done=people, total=people):
        enter(laid, name=file_name(annex, area), content_type=XLSX, by_id=by.user_id)
        note(annex, area, people, by)
    return {"file": str(laid.key), "say": _("共%(count)s人") % {"count": people}}


def file_name(annex: int, area: Area) -> str:
    return f"附件{annex}（{SHORT[annex]}）{area.name}{clock.today():%Y%m%d}.xlsx"


def note(annex: int, area: Area, people: int, by: Actor | None) -> None:
    """Record that the annex went out, in the caller's transaction."""
    Area.objects.select_for_update().only("pk").get(pk=area.pk)
    record(f"register:{area.pk}", "export_annex", by=by or SYSTEM, data={"annex": annex, "people": people})


def export_annex(*, annex: int, area: Area) -> tuple[bytes, int]:
    """The workbook and how many people stand in it. Refuses `annex_too_large`."""
    from documents.annexes.filling import annex_book  # openpyxl (4 MB) is read when somebody asks for an annex

    if annex == 3:
        workers = list(queries.grid_workers(area))
        rows = [_worker(worker) for worker in workers]
        return annex_book(3, [Part("", "", "", rows)] if rows else [], own_titles().get(3)), len(rows)
    found = queries.listed(area, annex, clock.today()).select_related("village__parent")
    count = found.count()
    if count > MOST:
        raise Refusal("annex_too_large", _("人数超过%(most)s，请分乡镇导出。") % {"most": MOST})
    parts = [_part(village, list(people)) for village, people in groupby(found, key=lambda person: person.village)]
    if not parts and area.kind == Area.Kind.VILLAGE:
        parts = [_part(area, [])]
    return annex_book(annex, parts, own_titles().get(annex)), count


def _part(village: Area, people: Iterable[LabourPerson]) -> Part:
    people = list(people)
    groups = {person.group_name for person in people}
    town = village.parent.name if village.parent else ""
    return Part(town, village.name, groups.pop() if len(groups) == 1 else "", [_texts(person) for person in people])


def _texts(person: LabourPerson) -> dict[str, str]:
    """A person as the form says him: words, not codes; his ID number masked."""
    (now,) = person.now  # type: ignore[attr-defined]
    return {
        "name": person.name,
        "sex": str(person.get_sex_display()),
        "birth_month": f"{person.birth_month:%Y-%m}" if person.birth_month else "",
        "education": person.education_text or (str(person.get_education_display()) if person.education else ""),
        "trade": now.trade,
        "wanted_trade": now.wanted_trade,
        "phone": person.phone,
        "employer": now.employer,
        "note": now.note,
        "group_name": person.group_name,
        "id_number": mask_id(person.id_number) if person.id_number else "",
        "status": str(now.get_status_display()),
        "hukou_type": _label(HukouType, person.hukou_type),
        "destination": now.destination,
        "reach": _label(Reach, now.reach),
        "job_form": _label(JobForm, now.job_form),
        "sector": _label(Sector, now.sector),
        "land_sea_loss": "是" if person.land_sea_loss else "",
        "training_wish": person.training_wish,
    }


def _label(codes: Any, code: str) -> str:
    return str(codes(code).label) if code else ""


def _worker(worker: GridWorker) -> dict[str, str]:
    area = worker.area
    village = area if area.kind == Area.Kind.VILLAGE else None
    town = area.parent if village else area
    return {
        "town": town.name if town else "",
        "village": village.name if village else "",
        "name": worker.name,
        "duty": worker.duty,
        "phone": worker.phone,
    }
