"""The last step of a PDF: PDF/A-3a and PDF/UA-1 together, and bytes that a checker accepts.

WeasyPrint claims one standard a file. Here the metadata (XMP) claims both, stays readable without decompression, and
holds the paper's number and verification code, so that even a damaged file says what it was. Basis: ISO 19005-3
clauses 6.1.7 (streams), 6.6 (metadata, extension schemas); ISO 14289-1 clause 5 (identification).
"""

import zlib
from typing import IO, Any
from xml.sax.saxutils import escape

import pydyf

from documents.models import Paper
from documents.papers.laying import LEVEL, laid, written

VARIANT = "pdf/a-3a"
NAMESPACE = "urn:yingong:ns:paper:1:"
PREFIX = "paper"
PROPERTIES = (
    ("kind", "Kind of the official paper"),
    ("number", "Number of the official paper"),
    ("code", "Verification code of the official paper"),
    ("standing", "issued, or draft"),
)
END = b"</rdf:RDF>"


class Finisher:
    """WeasyPrint's `finisher`: called once with the objects of a document, it settles how they are written."""

    def __init__(self, paper: Paper, *, standing: str = "issued") -> None:
        self.claims = {"kind": str(paper.kind), "number": paper.number, "code": paper.code, "standing": standing}

    def __call__(self, document: Any, pdf: pydyf.PDF) -> None:
        for thing in pdf.objects:
            if isinstance(thing, pydyf.Stream):
                if thing.extra.get("Type") == "/Metadata":
                    _open(thing, self.claims)
                else:
                    _settle(thing)
        if files := pdf.catalog.get("AF"):
            pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(files))  # WeasyPrint names each twice

        def write(output: IO[bytes], *given: Any) -> None:
            output.write(laid(pdf))
            del pdf.write  # or the two would hold each other, and the fonts with them, until the next sweep

        pdf.write = write


def _settle(stream: pydyf.Stream) -> None:
    """Compress now; where the result ends in 0x0D (its check sum decides, not its level) compress it once more."""
    data = b"\n".join([written(item) for item in stream.stream])
    filters = stream.extra.get("Filter")
    filters = list(filters) if isinstance(filters, list) else [filters] if filters else []
    parameters = stream.extra.get("DecodeParms")
    if stream.compress:
        data, filters = zlib.compress(data, LEVEL), ["/FlateDecode", *filters]
        parameters = pydyf.Array(["null", parameters]) if parameters else None
    while data.endswith(b"\r"):
        data = zlib.compress(data, LEVEL)
        rest = list(parameters) if isinstance(parameters, list) else [parameters or "null"] * bool(filters)
        filters = ["/FlateDecode", *filters]
        parameters = pydyf.Array(["null", *rest]) if any(item != "null" for item in rest) else None
    stream.stream, stream.compress = [data], False
    if filters:
        stream.extra["Filter"] = filters[0] if len(filters) == 1 else pydyf.Array(filters)
    if parameters:
        stream.extra["DecodeParms"] = parameters
    else:
        stream.extra.pop("DecodeParms", None)


def _open(stream: pydyf.Stream, claims: dict[str, str]) -> None:
    """Leave the metadata uncompressed and add the two schemas and what they describe."""
    data = b"\n".join(stream.stream)
    if data.count(END) != 1:
        raise ValueError("the metadata is not as expected")
    values = "".join(f"<{PREFIX}:{name}>{escape(text)}</{PREFIX}:{name}>" for name, text in claims.items())
    own = f'<rdf:Description rdf:about="" xmlns:{PREFIX}="{NAMESPACE}">{values}</rdf:Description>'
    stream.stream, stream.compress = [data.replace(END, (UA + own + SCHEMAS).encode() + END)], False


def _schema(title: str, namespace: str, prefix: str, properties: str) -> str:
    return (
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaSchema:schema>{title}</pdfaSchema:schema><pdfaSchema:namespaceURI>{namespace}</pdfaSchema:namespaceURI>"
        f"<pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )


def _property(name: str, kind: str, category: str, words: str) -> str:
    return (
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        f"<pdfaProperty:valueType>{kind}</pdfaProperty:valueType><pdfaProperty:category>{category}</pdfaProperty:category>"
        f"<pdfaProperty:description>{words}</pdfaProperty:description></rdf:li>"
    )


UA_NAMESPACE = "http://www.aiim.org/pdfua/ns/id/"
UA = f'<rdf:Description rdf:about="" xmlns:pdfuaid="{UA_NAMESPACE}"><pdfuaid:part>1</pdfuaid:part></rdf:Description>'
SCHEMAS = (
    '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    "<pdfaExtension:schemas><rdf:Bag>"
    + _schema(
        "PDF/UA identification schema", UA_NAMESPACE, "pdfuaid",
        _property("part", "Integer", "internal", "Part of ISO 14289"),
    )
    + _schema(
        "Yingong official paper", NAMESPACE, PREFIX,
        "".join(_property(name, "Text", "external", words) for name, words in PROPERTIES),
    )
    + "</rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)  # fmt: skip
