"""Fonts of the papers, cut once at set-up to the signs an official paper can need (`manage.py cut_fonts`).

A CJK font of 65,535 glyphs is read and subset anew for each PDF; one of about 9,000 takes a third of the time and an
eighth of the memory. The cut fonts stand in a private fontconfig directory, so that nothing else on the machine changes
and nothing on the machine changes the papers.
"""

from documents.fonts.place import configuration, cut

__all__ = ["configuration", "cut"]
