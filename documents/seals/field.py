"""An empty, invisible signature field on a PDF, and the digest that its signature is to cover.

The only module that loads pyHanko (0.3 s, 26 MB): who seals nothing does not need it.
"""

import io
from typing import Any

from django.utils.translation import gettext as _
from pyhanko.pdf_utils.generic import DictionaryObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import PdfSignedData

from core import clock
from documents.seals.provider import ALGORITHM

FIELD = "Seal"
SPARES = 12  # a stream ends in 0x0D once in some 256 layouts
STRAY = b"\r\nendstream"  # its last byte would be read as part of the line's end (ISO 19005-3 6.1.7.1)
OUTSIDE = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)


class Unchanged(IncrementalPdfFileWriter):
    """Appends to a file and leaves its metadata alone; pyHanko would write it anew without our schemas."""

    def _update_meta(self) -> None:
        """The metadata says when the paper was issued; the seal has its own moment."""


def with_seal_field(data: bytes, reserved: int) -> tuple[Any, io.BytesIO]:
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
