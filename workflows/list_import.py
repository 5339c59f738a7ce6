"""Taking a check list in, as a background job: read and keyed outside of locks, saved whole and once.

The upload lies sealed without a row of its own while the job waits, and is removed when it is done: what stays of a
list is the keyed index of each person. Afterwards every open claim the list speaks of is judged again.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor, acting_in
from accounts.roles import BUREAU, Role
from core import clock
from core.errors import Refusal, WrongState
from core.jobs import Again, Job, Run, enqueue
from core.privacy import index_of
from core.timeline import record
from core.verdict import YES, Verdict, no
from documents.check_lists import ListRow, read_list
from documents.files import discard, enter, put, read
from documents.models import StoredFile
from documents.spreadsheets.reading import refuse_at_sight
from workflows.check_lists import CheckEntry, CheckList, in_force
from workflows.claims import Claim, ClaimLine
from workflows.locking import ACTIVE
from workflows.states import UNDER_REVIEW

KIND, AFTER = "check_lists.import", "check_lists.judge_again"
STAGES = 3  # read, save, done
SHOWN = 200  # faults on the page
BATCH = 5000
IMPORTING = frozenset({Role.BUREAU_HANDLER, Role.SECTION_HEAD})
SEEING = BUREAU | {Role.AUDITOR}


def can_import(by: Actor) -> Verdict:
    """The labour section takes lists in."""
    return YES if by.role in IMPORTING else no("lists_not_yours", _("核查名单由劳动保障科经办人或负责人导入。"))


def can_see(by: Actor) -> Verdict:
    """Bureau and audit see which lists there are; nobody sees who stands on them."""
    return YES if by.role in SEEING else no("lists_hidden", _("核查名单供民生保障局和审计岗位查看。"))


def start_import(
    *, by: Actor, kind: str, source: str, drawn_on: date | None, data: bytes, name: str, page: str = ""
) -> Job:
    """Enqueue the import of a list. Refuses `lists_not_yours`, `list_kind`, `source_missing`, `day_missing`,
    `list_known` (the very file is in force already), `list_running`, and what `refuse_at_sight` refuses."""
    can_import(by).require()
    if kind not in CheckList.Kind.values:
        raise Refusal("list_kind", _("请选择名单种类。"))
    if not source.strip():
        raise Refusal("source_missing", _("请写明提供名单的单位。"))
    if drawn_on is None or drawn_on > clock.today():
        raise Refusal("day_missing", _("请填写数据截止日，不能晚于今天。"))
    refuse_at_sight(data, name)
    laid = put(data)
    if known := in_force(clock.today()).filter(kind=kind, sha256=laid.sha256).first():
        discard(laid.path)
        raise WrongState(
            "list_known",
            _("这份文件已于%(day)s导入，现在就按它核查（%(n)d条），没有变动。")
            % {"day": clock.local_date(known.imported_at), "n": known.count},
        )
    with transaction.atomic():
        arguments = {
            "kind": kind,
            "source": source.strip()[:120],
            "drawn_on": drawn_on.isoformat(),
            "upload": [str(laid.key), laid.path, laid.size, laid.sha256],
            "name": name[:60],
            "page": page,
        }
        job = enqueue(KIND, arguments=arguments, by=by, key=f"list:{kind}")
        if job.arguments["upload"][0] != str(laid.key):
            discard(laid.path)
            raise WrongState("list_running", _("上一份名单正在导入，请等它完成后再上传。"))
    return job


def carry_out(run: Run) -> dict[str, Any]:
    """The work of the job. What is wrong with the file is its answer, not a failure of the job."""
    told = run.arguments
    key, path, size, sha = told["upload"]
    upload = StoredFile(pk=UUID(key), path=path, size=size, sha256=sha)
    if run.checkpoint:  # saved already; only the end was not written
        discard(path)
        return run.checkpoint
    try:
        by = cast(Actor, run.started_by(acting_in))
        run.tell(done=0, total=STAGES, saying=_("读取名单"))
        found = read_list(read(upload), told["name"], kind=told["kind"], on=clock.today())
    except Again:
        raise
    except Refusal as refusal:
        return _refused(run, path, {"refusal": {"code": refusal.code, "message": refusal.message}})
    if found.errors:
        faults = [list(fault) for fault in found.errors[:SHOWN]]
        return _refused(run, path, {"faults": faults, "more": max(0, len(found.errors) - SHOWN)})
    run.tell(done=1, total=STAGES, saying=_("保存%(n)d条") % {"n": len(found.rows)})
    with run.step(done=STAGES, total=STAGES, saying=_("保存完毕")) as step:
        made = _save(found.rows, told, sha, by)
        said = _("%(kind)s名单%(n)d条已启用") % {"kind": made.get_kind_display(), "n": made.count}
        result = {"list": made.pk, "say": said, "url": told.get("page", "")}
        step.checkpoint = result
    discard(path)
    return result


def _save(rows: list[ListRow], told: dict[str, Any], sha: str, by: Actor) -> CheckList:
    """The list, its entries and the work that follows from it, in the caller's transaction."""
    made = CheckList.objects.create(
        kind=told["kind"],
        source=told["source"],
        drawn_on=date.fromisoformat(told["drawn_on"]),
        in_force_from=clock.today(),
        count=len(rows),
        sha256=sha,
        imported_by=by.user,
        imported_at=clock.now(),
    )
    CheckEntry.objects.bulk_create(_entries(made, rows), batch_size=BATCH)
    data = {"kind": made.kind, "count": made.count, "sha256": sha, "source": made.source, "drawn_on": told["drawn_on"]}
    record(f"check_list:{made.pk}", "import", by=by, data=data)
    enqueue(AFTER, arguments={"list": made.pk}, key=f"list:{made.pk}")
    return made


def _entries(made: CheckList, rows: list[ListRow]) -> Iterator[CheckEntry]:
    for row in rows:
        person = index_of("id", row.id_number) if row.id_number else ""
        yield CheckEntry(list=made, person_index=person, uscc=row.uscc, since=row.since, until=row.until)


def _refused(run: Run, path: str, answer: dict[str, Any]) -> dict[str, Any]:
    """Nothing was taken in; why lies sealed, because sentences name sheets and files as somebody called them."""
    laid = put(json.dumps(answer, ensure_ascii=False).encode())
    result = {"outcome": str(laid.key), "say": _("名单没有导入，原因见结果页。"), "url": run.arguments.get("page", "")}
    with run.step(done=STAGES, total=STAGES, saying=_("没有导入"), checkpoint=result):
        enter(laid, name="核查名单导入结果.json", content_type="application/json", by_id=run.asked_by_id)
    discard(path)
    return result


def outcome_of(job: Job) -> dict[str, Any]:
    """What stood in the way of a finished import: refusal, or faults and more; empty when it was taken in."""
    if "outcome" not in job.result:
        return {}
    return json.loads(read(StoredFile.objects.get(pk=job.result["outcome"])))


def claims_concerned(list_id: int) -> list[int]:
    """Open claims with a person or unit on this list, or on the one it took the place of."""
    made = CheckList.objects.get(pk=list_id)
    before = CheckList.objects.filter(kind=made.kind, pk__lt=made.pk).order_by("-pk").values("pk")[:1]
    entries = CheckEntry.objects.filter(list__in=[made.pk, *before.values_list("pk", flat=True)])
    people = entries.exclude(person_index="").values("person_index")
    units = entries.filter(person_index="").values("uscc")
    lines = ClaimLine.objects.filter(status__in=ACTIVE, claim__state__in=UNDER_REVIEW)
    ids = set(lines.filter(person_index__in=people).order_by().values_list("claim", flat=True))
    if made.kind == CheckList.Kind.BLACKLIST:
        open_claims = Claim.objects.filter(state__in=UNDER_REVIEW)
        ids |= set(lines.filter(employer_uscc__in=units).order_by().values_list("claim", flat=True))
        ids |= set(open_claims.filter(claimant_org__uscc__in=units).values_list("pk", flat=True))
        ids |= set(open_claims.filter(claimant_user__claimant__id_index__in=people).values_list("pk", flat=True))
    return sorted(ids)


def last_import(by: Actor) -> Job | None:
    """The import the actor asked for last, in this post."""
    return Job.objects.filter(kind=KIND, asked_by=by.user_id, asked_post=by.post_id).order_by("-enqueued_at").first()
