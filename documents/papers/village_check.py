"""村（社区）核实表: what a village or community found on its own people of one claim, line by line."""

from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings

from documents.models import Paper
from documents.papers.checks import CheckContent


@dataclass(frozen=True, slots=True)
class VillageCheckContent(CheckContent):
    """Signed by the clerk who looked and the head who confirmed (brief 2.4: two persons)."""

    KIND: ClassVar = Paper.Kind.VILLAGE_CHECK
    SERIES: ClassVar[str] = "HS"
    DIGITS: ClassVar[int] = 6
    TEMPLATE: ClassVar[str] = "papers/village_check.html"
    STYLE: ClassVar[str] = "form.css"

    @property
    def title(self) -> str:
        return f"{settings.ZONE_NAME}引工奖补村（社区）核实表"
