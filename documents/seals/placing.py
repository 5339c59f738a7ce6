"""A seal on a rendered paper: an invisible signature field, so that no picture of a seal is drawn that is none.

The file stays PDF/A-3a and PDF/UA-1: the metadata is left as it is, the field lies outside the page (ISO 14289-1
7.18.1) and says its name.
"""

import io
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.generic import DictionaryObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import PdfSignedData

from core import clock
from core.errors import Refusal
from documents.seals.checking import seals_in
from documents.seals.provider import ALGORITHM, SealProvider, provider

FIELD = "Seal"
SPARES = 12  # a stream ends in 0x0D once in some 256 layouts
STRAY = b"\r\nendstream"  # its last byte would be read as part of the line's end (ISO 19005-3 6.1.7.1)
OUTSIDE = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)


class Unchanged(IncrementalPdfFileWriter):
    """Appends to a file and leaves its metadata alone; pyHanko would write it anew without our schemas."""

    def _update_meta(self) -> None:
        """The metadata says when the paper was issued; the seal has its own moment."""


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
    prepared, out = _place(data, by.reserved)
    cms = by.cms(prepared.document_digest)
    if 2 * len(cms) > by.reserved:
        raise _invalid()
    prepared.fill_with_cms(out, cms)
    made: bytes = out.getvalue()
    if not made.startswith(data) or not any(seal.holds for seal in seals_in(made)):
        raise _invalid()
    return made


def _place(data: bytes, reserved: int) -> tuple[Any, io.BytesIO]:
    """The file with an empty seal, and its digest. With one object more each time, until no stream is stray."""
    for spare in range(SPARES):
        prepared, out = _with_field(data, reserved, spare)
        if STRAY not in out.getbuffer()[len(data) :].tobytes():
            return prepared, out
    raise RuntimeError("no layout of the seal ends its streams well")


def _with_field(data: bytes, reserved: int, spare: int) -> tuple[Any, io.BytesIO]:
    writer = Unchanged(io.BytesIO(data))
    for _n in range(spare):
        writer.add_object(DictionaryObject({}))
    field = SigFieldSpec(FIELD, readable_field_name=_("电子签章"), invis_sig_settings=OUTSIDE)
    steps = PdfCMSEmbedder(field).write_cms(FIELD, writer)
    next(steps)
    steps.send(
        SigObjSetup(
            PdfSignedData(pdf_name("/Sig"), SigSeedSubFilter.PADES, timestamp=clock.now(), bytes_reserved=reserved)
        )
    )
    prepared, out = steps.send(SigIOSetup(md_algorithm=ALGORITHM))
    return prepared, out


def _invalid() -> Refusal:
    return Refusal("seal_invalid", _("电子签章校验未通过，文书没有生成，请联系系统管理员核查签章服务和证书。"))
