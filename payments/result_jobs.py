"""The import of a bank's answer as a background job: read and judged outside of locks, saved whole and once."""

import json
from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor, acting_in
from core.errors import Refusal, WrongState
from core.jobs import Again, Job, Run, enqueue
from documents.files import enter, put, read
from documents.models import StoredFile
from payments import result_access
from payments.bank_results import (
    UPLOADED,
    Imported,
    examine,
    format_read_by,
    known_file,
    laid_down,
    save,
    told,
)
from payments.locking import batch_locked
from payments.models import Batch

KIND = "payments.import_result"
STAGES = 3  # read, judge and save, done


def start_import(
    *, batch_id: int, by: Actor, data: bytes, name: str, format_code: str = "", page: str = ""
) -> Job | Imported:
    """Store an upload and enqueue its import; `page` is where its result will be shown.

    The same bytes imported before are answered at once. Refuses what `import_result` refuses without reading the file,
    and `result_running` for another file while one is on its way.
    """
    batch = Batch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise Refusal("batch_unknown", _("找不到该拨付批次，请刷新页面。"))
    result_access.require_import(by, batch)
    format_read_by(format_code or batch.sent_format)
    laid = laid_down(data)
    with transaction.atomic():
        batch = batch_locked(batch_id)
        result_access.require_import(by, batch)
        if known := known_file(batch, laid.sha256):
            return told(known, again=True)
        waiting = running(batch_id)
        if waiting and waiting.arguments["sha256"] != laid.sha256:
            raise _running()
        if waiting:  # a double click
            return waiting
        file = enter(laid, name=name, content_type=UPLOADED, by_id=by.user_id)
        arguments = {
            "batch": batch_id,
            "file": str(file.pk),
            "sha256": laid.sha256,
            "format": format_code or batch.sent_format,
            "page": page,
        }
        return enqueue(KIND, arguments=arguments, by=by, key=_key(batch_id))


def running(batch_id: int) -> Job | None:
    """The import for a batch that waits or runs now."""
    live = (Job.State.WAITING, Job.State.RUNNING)
    return Job.objects.filter(kind=KIND, key=_key(batch_id), state__in=live).first()


def last_import(batch_id: int, by: Actor) -> Job | None:
    """The import for this batch that the actor asked for last, in this post."""
    asked = Job.objects.filter(kind=KIND, asked_by=by.user_id, asked_post=by.post_id)
    return asked.filter(arguments__batch=batch_id).order_by("-enqueued_at").first()


def refusal_of(job: Job) -> Refusal | None:
    """Why a finished import saved nothing; the sentence lies sealed, because it may name cells of the file."""
    if "refusal" not in job.result:
        return None
    said = json.loads(read(StoredFile.objects.get(pk=job.result["refusal"])))
    return Refusal(said["code"], said["message"])


def carry_out(run: Run) -> dict[str, Any]:
    """The work of the job. What is wrong with the file is its answer, not a failure of the job."""
    if run.checkpoint:  # saved already; only the end was not written
        return run.checkpoint
    source = StoredFile.objects.get(pk=UUID(run.arguments["file"]))
    batch_id, code = run.arguments["batch"], run.arguments["format"]
    try:
        by = cast(Actor, run.started_by(acting_in))
        run.tell(done=0, total=STAGES, saying=_("读取回单"))
        answer, used = examine(Batch.objects.get(pk=batch_id), read(source), source.name, code)
        run.tell(done=1, total=STAGES, saying=_("逐笔核对%(count)s条") % {"count": len(answer.rows)})
        return _ended(run, lambda: save(batch_id=batch_id, answer=answer, file=source, format_code=used, by=by))
    except Again:
        raise
    except Refusal as refusal:
        return _refused(run, refusal)


def _ended(run: Run, write: Callable[[], Imported]) -> dict[str, Any]:
    """What is saved and its checkpoint commit together: the import is whole, once, or it is not there."""
    with run.step(done=STAGES, total=STAGES, saying=_("导入完毕")) as step:
        done = write()
        result = {"result": done.result_file.pk, "say": done.sentence, "url": run.arguments.get("page", "")}
        step.checkpoint = result
    return result


def _refused(run: Run, refusal: Refusal) -> dict[str, Any]:
    said = json.dumps({"code": refusal.code, "message": refusal.message}, ensure_ascii=False)
    laid = put(said.encode())
    result = {"refusal": str(laid.key), "say": _("回单没有导入，原因见结果页。"), "url": run.arguments.get("page", "")}
    with run.step(done=STAGES, total=STAGES, saying=_("没有导入"), checkpoint=result):
        enter(laid, name="回单导入结果.json", content_type="application/json", by_id=run.asked_by_id)
    return result


def _key(batch_id: int) -> str:
    return f"result:{batch_id}"


def _running() -> WrongState:
    return WrongState("result_running", _("上一份回单正在导入，请等它完成后再上传。"))
