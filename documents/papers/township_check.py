"""乡镇审核表: what a township decided on the people of its villages in one claim, line by line."""

from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings

from documents.models import Paper
from documents.papers.checks import CheckContent


@dataclass(frozen=True, slots=True)
class TownshipCheckContent(CheckContent):
    """Signed by the handler who reviewed and the leader who signed (brief 2.4); tells what each village had found."""

    KIND: ClassVar = Paper.Kind.TOWNSHIP_CHECK
    SERIES: ClassVar[str] = "SH"
    DIGITS: ClassVar[int] = 6
    TEMPLATE: ClassVar[str] = "papers/township_check.html"
    STYLE: ClassVar[str] = "form.css"

    @property
    def title(self) -> str:
        return f"{settings.ZONE_NAME}引工奖补乡镇审核表"
