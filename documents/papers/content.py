"""What every kind of paper's content offers, and words that several kinds share."""

from typing import Any, ClassVar, Protocol

from django.utils.translation import gettext as _

from core.errors import Refusal
from documents.models import Paper


class Content(Protocol):
    """A frozen dataclass: what the template prints, and what strangers may see of it."""

    KIND: ClassVar[Paper.Kind]
    SERIES: ClassVar[str]  # prefix of the number; empty when the caller brings its own number
    DIGITS: ClassVar[int]
    TEMPLATE: ClassVar[str]
    STYLE: ClassVar[str]

    @property
    def title(self) -> str: ...

    @property
    def amount_fen(self) -> int | None: ...

    def public(self) -> dict[str, Any]:
        """``issuer``, ``names`` (masked when of persons), ``facts``: pairs of label and text."""
        ...


def require_masked(values: dict[str, str]) -> None:
    """Refuse (`paper_unmasked`) a number of a person that arrives whole where only a masked one may be printed.

    `values` maps what it is to the text; an empty text is fine. Basis: PIPL Arts. 6, 28; brief section 5.
    """
    for what, text in values.items():
        if text and "*" not in text:
            raise Refusal("paper_unmasked", _("%(what)s未脱敏，文书不能生成。") % {"what": what})
