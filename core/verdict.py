"""Verdict: the one answer to "may I", for commands, buttons and refusal pages alike."""

from dataclasses import dataclass

from core.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something is allowed; when not, `reason` is a Chinese sentence and `code` is stable."""

    allowed: bool
    reason: str = ""
    code: str = ""

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raise `NotAllowed` with this verdict's sentence when it is a no."""
        if not self.allowed:
            raise NotAllowed(self.code, self.reason)


YES = Verdict(True)


def no(code: str, reason: str) -> Verdict:
    """A refusal; `reason` tells an official what stands in the way."""
    return Verdict(False, reason, code)
