"""How a comparison is shown: as words, as lines, side by side, what was removed; for terminals, patches and HTML.

`spans` is the one form the renderers share; it joins what matched by chance between changes, so that a rewritten
sentence is read as one that went and one that came. The operations themselves stay as they are.
"""

from archive.diffing.views.html import as_html, html_side_by_side
from archive.diffing.views.spans import Kind, Span, new_side, old_side, spans
from archive.diffing.views.terminal import removed_text, side_by_side, word_text
from archive.diffing.views.unified import unified

__all__ = [
    "Kind",
    "Span",
    "as_html",
    "html_side_by_side",
    "new_side",
    "old_side",
    "removed_text",
    "side_by_side",
    "spans",
    "unified",
    "word_text",
]
