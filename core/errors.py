"""The one way to say no: a refusal with a stable code and a sentence an official can act on."""


class Refusal(Exception):
    """A command or reader refuses. Never silent, never a 500.

    `code` is stable (snake_case English, safe to test and to log); `message` is Chinese, says what is
    wrong and what to do; `fields` maps a form field (or a cell) to its own sentence.
    """

    def __init__(self, code: str, message: str, *, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fields = fields or {}

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(Refusal):
    """The acting post may not do this; pages answer 403 with the sentence."""


class WrongState(Refusal):
    """The thing has moved on, or somebody else was first; pages answer 409 with the sentence."""
