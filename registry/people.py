"""How a person is told apart: by the number on his document, whatever the roster calls the document."""

from core.identifiers import IdType
from core.privacy import index_of

EIGHTEEN_DIGITS = (IdType.RESIDENT_ID, IdType.RESIDENCE_PERMIT, IdType.FOREIGN_PERMANENT)


def person_index(id_type: str, number: str) -> str:
    """The keyed index of a person. 18-digit numbers are unique across their types; others count with their type.

    One number entered under two names of a document is one person, so he cannot be paid twice that way (C02).
    """
    if id_type in EIGHTEEN_DIGITS:
        return index_of("id", number)
    return index_of("id", f"{id_type}:{number}")
