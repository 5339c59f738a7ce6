"""Official papers: one module a kind of paper, issued once (`issue`), rendered once (`pdf_of`), verified by `find`."""

from documents.papers import late  # noqa: F401 isort:skip (before anything that imports WeasyPrint)
from documents.papers.issuing import content_of, find, issue, pdf_of
from documents.papers.life import replace, standing_of, withdraw
from documents.papers.rendering import draft

__all__ = ["content_of", "draft", "find", "issue", "pdf_of", "replace", "standing_of", "withdraw"]
