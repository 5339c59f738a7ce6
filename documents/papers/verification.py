"""Is this file the paper that was issued? The stored bytes answer, nothing else does.

A paper is verified against the SHA-256 of the bytes that were stored when it was issued (`StoredFile`), for as long as
they are kept. A file that names a paper and is not those bytes is altered, whatever it looks like. Basis:
电子签名法 Art. 5 (an electronic original must show that its content is complete and unaltered).
"""

from dataclasses import dataclass, replace
from hashlib import sha256

from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import Refusal
from documents.models import Paper, PaperBytes
from documents.papers.searching import Claims, claims_of
from documents.seals import Seal, seals_in
from documents.standing import REPLACED, WITHDRAWN

LARGEST = 20 * 1024 * 1024  # bytes
GENUINE, ALTERED, UNKNOWN, DRAFT = "genuine", "altered", "unknown", "draft"
RELATED = "mark__replacement"


@dataclass(frozen=True, slots=True)
class Finding:
    """`standing`: genuine, altered, withdrawn, replaced, unknown or draft; `paper` where the file names one.

    `seal` is the file's first seal, if it has any: who sealed it, and whether that holds.
    """

    standing: str
    paper: Paper | None
    sentence: str
    seal: Seal | None = None


def examine(data: bytes) -> Finding:
    """What the file is. Refuses `upload_empty` and `upload_too_large` (20 MB); nothing is stored or kept."""
    if not data:
        raise Refusal("upload_empty", _("文件是空的，请重新选择文件。"))
    if len(data) > LARGEST:
        raise too_large()
    digest = sha256(data).hexdigest()
    kept = PaperBytes.objects.select_related(f"paper__{RELATED}").filter(file__sha256=digest).first()
    if kept:
        return replace(_whole(kept.paper), seal=_seal(data))
    claims = claims_of(data)
    paper = _named(claims)
    if paper:
        return Finding(ALTERED, paper, _altered(paper), _seal(data))
    if claims.draft:
        return Finding(DRAFT, None, _("这是一份草稿，没有编号，不是正式文书，不具有效力。"))
    return Finding(UNKNOWN, None, _unknown(data))


def _seal(data: bytes) -> Seal | None:
    return next(iter(seals_in(data)), None)


def too_large() -> Refusal:
    """The refusal of a file that is larger than any paper."""
    return Refusal("upload_too_large", _("文件超过20 MB，不是本系统出具的文书，无法核验。"))


def _whole(paper: Paper) -> Finding:
    standing, number = paper.standing, paper.number
    if standing.code == REPLACED:
        sentence = _("文件与存档一致，但文书%(number)s已被%(by)s替代，不再有效。请以%(by)s为准。")
        return Finding(REPLACED, paper, sentence % {"number": number, "by": standing.by_number})
    if standing.code == WITHDRAWN:
        sentence = _("文件与存档一致，但文书%(number)s已撤回，不再有效。") % {"number": number}
        return Finding(WITHDRAWN, paper, sentence)
    return Finding(
        GENUINE, paper, _("核验通过：文件与存档的文书%(number)s逐字节一致，未被改动，文书有效。") % {"number": number}
    )


def _altered(paper: Paper) -> str:
    return _(
        "文件与存档不一致：文件写明是文书%(number)s，但内容与出具时的原件不同，可能被改动、损坏或另存过。请以原件为准。"
    ) % {"number": paper.number}


def _unknown(data: bytes) -> str:
    if b"%PDF-" not in data[:1024]:
        return _("这不是PDF文件，不是本系统出具的文书原件。拍照、扫描件和打印件请用编号、验证码或二维码核验。")
    return _("文件中没有找到本系统出具的文书。扫描件和打印件请用编号、验证码或二维码核验；如有疑问请向出具单位核实。")


def _named(claims: Claims) -> Paper | None:
    """The paper that the file names: by code first, then by number, the weightiest claim first."""
    if not claims.numbers and not claims.codes:
        return None
    named = Q(number__in=claims.numbers) | Q(code__in=claims.codes)
    found = list(Paper.objects.select_related(RELATED).defer("content", "mark__replacement__content").filter(named))
    order = {text: place for place, text in enumerate([*claims.codes, *claims.numbers])}
    return min(found, key=lambda paper: min(order.get(paper.code, MANY), order.get(paper.number, MANY)), default=None)


MANY = 1_000_000
