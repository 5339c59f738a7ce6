"""All papers of a batch as one zip: payment form, approvals and 花名册 of its claims, notices, bank files and answers.

Read and written one file after the other. The same state gives the same bytes: names are sorted, times are fixed, and
the index holds no time of making. Archives' rules (会计档案管理办法 Art. 6) ask that vouchers stay with what they rest on.
"""

import csv
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor, acting_in
from core.errors import Refusal
from core.jobs import Job, Run, enqueue
from core.timeline import Signer, record
from documents.files import clean_name, enter, put, read
from documents.models import Paper, StoredFile
from documents.papers import pdf_of
from payments import access
from payments.access import BatchVerb
from payments.locking import batch_locked
from payments.models import Batch, PaymentItem, RecoveryCase
from workflows.claims import Claim
from workflows.reviews import NoticeEntry, Review

KIND = "payments.batch_pack"
ZIP = "application/zip"
MADE_AT = (1980, 1, 1, 0, 0, 0)
LARGEST = 200 * 1024 * 1024  # bytes; what is sealed into storage goes through memory once, a shell's file does not
PRESSED = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".xlsx", ".zip"})
STANDING = {"valid": "有效", "withdrawn": "已撤回", "replaced": "已被替代"}
HEAD = ("序号", "文件", "类别", "编号", "所属", "状态", "字节数", "SHA-256")


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the pack: where it lies in it, what it is, and how its bytes are had."""

    path: str
    kind: str
    number: str
    owner: str
    standing: str
    data: Callable[[], bytes]


def parts_of(batch: Batch) -> list[Part]:
    """Everything that belongs to the batch, in the order of the index; a handful of queries."""
    claims = list(
        Claim.objects.filter(pk__in=PaymentItem.objects.filter(batch=batch).values("claim"))
        .select_related("claimant_org", "claimant_user")
        .order_by("number")
    )
    parts = [*_papers({batch.chain: ("1 拨付审批表", str(batch))}), *_bank_files(batch)]
    return _told_apart([*parts, *_papers(_folders(claims))])


def _folders(claims: list[Claim]) -> dict[str, tuple[str, str]]:
    """Chains of papers with their folder and owner: claims, their areas' sheets, notices, recoveries."""
    names = {claim.pk: clean_name(f"{claim} {claim.claimant_name}") for claim in claims}
    folders = {claim.chain: (f"4 申报/{names[claim.pk]}", str(claim)) for claim in claims}
    for pk, claim_id in Review.objects.filter(claim__in=names).values_list("pk", "claim_id"):
        folders[f"review:{pk}"] = (f"4 申报/{names[claim_id]}", names[claim_id].split(" ")[0])
    for entry in NoticeEntry.objects.filter(claim__in=names).select_related("notice"):
        folders[f"notice:{entry.notice_id}"] = ("5 公示", entry.notice.number)
    for case in RecoveryCase.objects.filter(claim__in=names):
        folders[case.chain] = ("6 追回", str(case))
    return folders


def _papers(folders: dict[str, tuple[str, str]]) -> Iterator[Part]:
    found = Paper.objects.filter(subject__in=folders).select_related("mark__replacement", "bytes").defer("content")
    for paper in sorted(found, key=lambda paper: (folders[paper.subject], paper.kind, paper.number)):
        folder, owner = folders[paper.subject]
        name = clean_name(f"{paper.get_kind_display()} {paper.number}.pdf")
        label = str(paper.get_kind_display())
        yield Part(f"{folder}/{name}", label, paper.number, owner, STANDING[paper.standing.code], _pdf(paper.pk))


def _bank_files(batch: Batch) -> Iterator[Part]:
    if batch.file:
        yield Part(
            f"2 支付文件/封存指令 {batch.file.name}", "封存指令", str(batch), str(batch), "", _stored(batch.file)
        )
    for made in batch.files.select_related("file").order_by("format_code", "part"):
        label = f"{made.get_part_display()} {made.format_code}"
        yield Part(f"2 支付文件/{made.file.name}", label, str(batch), str(batch), "", _stored(made.file))
    for answer in batch.result_files.select_related("file").order_by("pk"):
        yield Part(f"3 银行回单/{answer.file.name}", "银行回单", str(batch), str(batch), "", _stored(answer.file))


def _pdf(pk: Any) -> Callable[[], bytes]:
    return lambda: pdf_of(Paper.objects.get(pk=pk))


def _stored(file: StoredFile) -> Callable[[], bytes]:
    return lambda: read(file)


def _told_apart(parts: list[Part]) -> list[Part]:
    """No two under one name."""
    taken: dict[str, int] = {}
    named = []
    for part in parts:
        taken[part.path] = count = taken.get(part.path, 0) + 1
        stem, dot, ending = part.path.rpartition(".")
        path = part.path if count == 1 else f"{stem}（{count}）{dot}{ending}"
        named.append(Part(path, part.kind, part.number, part.owner, part.standing, part.data))
    return named


def write_pack(batch: Batch, out: IO[bytes], tell: Callable[[int, int], None] = lambda _done, _all: None) -> int:
    """The zip into `out`, one file in memory at a time; how many files it holds beside the index."""
    parts, rows = parts_of(batch), []
    with zipfile.ZipFile(out, "w") as pack:
        for done, part in enumerate(parts):
            tell(done, len(parts))
            data = part.data()
            _add(pack, part.path, data)
            digest = sha256(data).hexdigest()
            rows.append((done + 1, part.path, part.kind, part.number, part.owner, part.standing, len(data), digest))
        _add(pack, "目录.csv", _as_csv(rows))
        _add(pack, "目录.html", _as_html(batch, rows))
    tell(len(parts), len(parts))
    return len(parts)


def _add(pack: zipfile.ZipFile, path: str, data: bytes) -> None:
    info = zipfile.ZipInfo(path, MADE_AT)
    pressed = f".{path.rpartition('.')[2].lower()}" in PRESSED
    info.compress_type = zipfile.ZIP_STORED if pressed else zipfile.ZIP_DEFLATED
    info.create_system, info.external_attr = 3, 0o600 << 16
    pack.writestr(info, data)


def _as_csv(rows: list[tuple[Any, ...]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, *([_safe(cell) for cell in row] for row in rows)])
    return out.getvalue().encode("utf-8-sig")


def _safe(cell: Any) -> Any:
    """A name that a spreadsheet would read as a formula stays a text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@") else cell


def _as_html(batch: Batch, rows: list[tuple[Any, ...]]) -> bytes:
    head = "".join(f"<th>{cell}</th>" for cell in HEAD)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    title = escape(_("%(batch)s 全部文书目录") % {"batch": batch})
    page = f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>'
    return f'{page}<table border="1"><tr>{head}</tr>{body}</table></html>\n'.encode()


def note(batch_id: int, by: Signer, digest: str, count: int) -> None:
    """That it was taken out, in the batch's record."""
    with transaction.atomic():
        batch = batch_locked(batch_id)
        record(batch.chain, "download_batch", by=by, data={"part": "pack", "sha256": digest, "count": count})


def ask_pack(*, batch_id: int, by: Actor) -> Job:
    """Have the zip made in the background; refuses as the download of a payment file does."""
    with transaction.atomic():
        batch = batch_locked(batch_id)
        access.require(by, batch, BatchVerb.DOWNLOAD)
        return enqueue(KIND, arguments={"batch": batch.pk}, by=by, key=f"{batch.pk}:{by.user_id}:{by.post_id}")


def make_pack(run: Run) -> dict[str, Any]:
    """The task: into a temporary file, into storage, and into the record, once; killed, it begins anew."""
    if run.checkpoint:
        return dict(run.checkpoint)
    batch = Batch.objects.select_related("file").get(pk=run.arguments["batch"])
    by = run.started_by(acting_in)
    if by is None:
        raise Refusal("batch_not_visible", access.NOT_VISIBLE.reason)
    access.require(by, batch, BatchVerb.DOWNLOAD)
    with tempfile.TemporaryFile() as out:
        count = write_pack(batch, out, lambda done, total: run.tell(done=done, total=total, saying=_("收集文书")))
        if out.tell() > LARGEST:
            raise Refusal("pack_too_large", "全部文书超过200 MB，请系统管理员在服务器上用 manage.py batch_pack 生成。")
        out.seek(0)
        laid = put(out.read())
    with run.step(done=count, total=count) as step:
        note(batch.pk, by, laid.sha256, count)
        enter(laid, name=f"{batch} 全部文书.zip", content_type=ZIP, by_id=by.user_id)
        step.checkpoint = {"file": str(laid.key), "say": _("%(batch)s：共%(n)d份") % {"batch": batch, "n": count}}
    return dict(run.checkpoint)
