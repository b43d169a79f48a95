"""A block as HTML: <ins> and <del>, which screen readers announce; moved stretches carry the number of their move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from archive.diffing.views.spans import Span, new_side, old_side, spans


def as_html(block: Mapping[str, Any]) -> str:
    """One paragraph of HTML text (no element around it); every character of the page is escaped."""
    return "".join(map(_element, spans(block)))


def html_side_by_side(block: Mapping[str, Any]) -> tuple[str, str]:
    """What stood there and what stands there now."""
    of = spans(block)
    return _joined(old_side(of)), _joined(new_side(of))


def _joined(of: Iterable[Span]) -> str:
    return "".join(map(_element, of))


def _element(span: Span) -> str:
    text = escape(span.text).replace("\n", "<br>\n")
    if span.kind == "kept":
        return text
    name = "del" if span.kind in ("removed", "moved_away") else "ins"
    return f'<{name} class="moved" data-move="{span.move}">{text}</{name}>' if span.move else f"<{name}>{text}</{name}>"
