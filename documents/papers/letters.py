"""What the three official letters share: addressee, claim, remedies (GB/T 9704-2012 for the look)."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from core.names import mask_name


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom a letter goes; `personal` says that it is a person, addressed with 同志 and masked in public."""

    name: str
    personal: bool

    @property
    def form(self) -> str:
        return self.name

    def public(self) -> dict[str, Any]:
        """Who issued it and to whom; never what it says."""
        name = mask_name(self.name) if self.personal else self.name
        return {"issuer": settings.BUREAU_NAME, "names": [name], "facts": []}


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason in words, with the article it rests on (empty when it is our own default)."""

    text: str
    article: str = ""
