"""Where an issued paper stands: in force, taken back, or replaced by another."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

VALID, WITHDRAWN, REPLACED = "valid", "withdrawn", "replaced"


@dataclass(frozen=True, slots=True)
class Standing:
    """`code` is ``valid``, ``withdrawn`` or ``replaced``; `by_number` names the paper that took its place."""

    code: str
    by_number: str = ""
    reason: str = ""
    at: datetime | None = None

    def __bool__(self) -> bool:
        return self.code == VALID

    @property
    def label(self) -> str:
        """The standing in words."""
        if self.code == REPLACED:
            return _("已被 %(number)s 替代") % {"number": self.by_number}
        return _("已撤回") if self.code == WITHDRAWN else _("文书有效")
