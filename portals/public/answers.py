"""The answers of the verification page: a word, a shape and a sentence for each standing."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from documents.models import Paper
from documents.papers.verification import ALTERED, DRAFT, GENUINE, UNKNOWN, Finding
from documents.standing import REPLACED, WITHDRAWN

LOOKS = {  # standing: shape, the class of its alert
    GENUINE: ("✓", "success"),
    ALTERED: ("✕", "error"),
    UNKNOWN: ("?", "error"),
    WITHDRAWN: ("■", "error"),
    REPLACED: ("↻", "warning"),
    DRAFT: ("○", "warning"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """`standing` with its word, shape and alert class; the sentence says what to do. `file`: bytes were compared."""

    standing: str
    sentence: str
    file: bool = False

    @property
    def shape(self) -> str:
        return LOOKS[self.standing][0]

    @property
    def look(self) -> str:
        return LOOKS[self.standing][1]

    @property
    def word(self) -> str:
        return {
            GENUINE: _("文书有效") if not self.file else _("文件真实，文书有效"),
            ALTERED: _("文件已被改动"),
            UNKNOWN: _("没有查到"),
            WITHDRAWN: _("文书已撤回"),
            REPLACED: _("文书已被替代"),
            DRAFT: _("草稿，不是正式文书"),
        }[self.standing]


def answer_of(finding: Finding) -> Answer:
    """The answer to an uploaded file."""
    return Answer(finding.standing, finding.sentence, file=True)


def found(paper: Paper) -> Answer:
    """The answer to a number or code that belongs to a paper."""
    standing = paper.standing
    if standing.code == REPLACED:
        sentence = _("本文书由本系统出具，但已被%(by)s替代，不再有效。请以%(by)s为准。") % {"by": standing.by_number}
        return Answer(REPLACED, sentence)
    if standing.code == WITHDRAWN:
        return Answer(WITHDRAWN, _("本文书由本系统出具，但已撤回，不再有效。"))
    return Answer(GENUINE, _("核验通过：本文书由本系统出具。请与纸面内容逐项核对，不一致的以本页为准。"))


def not_found() -> Answer:
    """The answer to a number or code that belongs to none."""
    return Answer(
        UNKNOWN, _("没有查到这份文书。请核对编号或验证码是否输入正确；如仍查不到，请向出具单位核实，谨防伪造。")
    )
