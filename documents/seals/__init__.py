"""Electronic seals of papers: who seals is a setting (`YINGONG_SEAL`), how a PDF carries it is one form (PAdES-B-B).

`sealed` puts the seal on a rendered paper, `seals_in` says of any bytes who sealed them and whether that holds.
"""

from documents.seals.checking import Seal, seals_in
from documents.seals.placing import sealed

__all__ = ["Seal", "sealed", "seals_in"]
