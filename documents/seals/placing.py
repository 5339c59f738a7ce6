"""A seal on a rendered paper: an invisible signature field, so that no picture of a seal is drawn that is none.

The file stays PDF/A-3a and PDF/UA-1: the metadata is left as it is, the field lies outside the page (ISO 14289-1
7.18.1) and says its name.
"""

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refusal
from documents.seals.checking import seals_in
from documents.seals.provider import SealProvider, provider


def sealed(data: bytes) -> bytes:
    """The paper with the seal of `settings.SEAL`, checked; unchanged when that is ``none``.

    Refuses `seal_unavailable` (try again later) and `seal_invalid`: a signature that does not hold is never stored.
    """
    if settings.SEAL == "none":
        return data
    by = provider()
    return data if by is None else put(data, by)


def put(data: bytes, by: SealProvider) -> bytes:
    """The paper with the seal of a provider, checked against the certificates this installation trusts."""
    from documents.seals.field import with_seal_field

    prepared, out = with_seal_field(data, by.reserved)
    cms = by.cms(prepared.document_digest)
    if 2 * len(cms) > by.reserved:
        raise _invalid()
    prepared.fill_with_cms(out, cms)
    made: bytes = out.getvalue()
    if not made.startswith(data) or not any(seal.holds for seal in seals_in(made)):
        raise _invalid()
    return made


def _invalid() -> Refusal:
    return Refusal("seal_invalid", _("电子签章校验未通过，文书没有生成，请联系系统管理员核查签章服务和证书。"))
