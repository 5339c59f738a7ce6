"""Is everything that is kept still what was kept? `walk` looks, `keep` notes it where a person sees it."""

from documents.integrity.keeping import begin, check, end, note, orphans_to_remove, remove_orphans
from documents.integrity.walking import PARTS, Problem, Stretch, total, walk

__all__ = [
    "PARTS",
    "Problem",
    "Stretch",
    "begin",
    "check",
    "end",
    "note",
    "orphans_to_remove",
    "remove_orphans",
    "total",
    "walk",
]
