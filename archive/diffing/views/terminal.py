"""A block for a terminal: rich text in the styles added, removed, moved; with marks where there is no colour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from archive.diffing.views.spans import Span, new_side, old_side, spans

if TYPE_CHECKING:
    from rich.text import Text

_STYLES = {"removed": "removed", "added": "added", "moved_away": "moved", "moved_here": "moved"}
# The marks of `git diff --word-diff`; those of moves are ours.
_MARKS = {"removed": ("[-", "-]"), "added": ("{+", "+}"), "moved_away": ("[<", "]"), "moved_here": ("{>", "}")}


def word_text(block: Mapping[str, Any], *, marks: bool = True) -> Text:
    """The paragraph with its changes in place. `marks` says each change by signs too, for who sees no colour."""
    return _text(spans(block), marks)


def side_by_side(block: Mapping[str, Any], *, marks: bool = False) -> tuple[Text, Text]:
    """What stood there and what stands there now, for two columns."""
    of = spans(block)
    return _text(old_side(of), marks), _text(new_side(of), marks)


def removed_text(block: Mapping[str, Any]) -> Text | None:
    """What was taken away, kept words between two losses as an ellipsis; None where nothing was."""
    lost = [span for span in spans(block) if span.kind == "removed" and span.text.strip()]
    if not lost:
        return None
    from rich.text import Text

    return Text(" … ").join(Text(span.text.strip(), style="removed") for span in lost)


def _text(of: Iterable[Span], marks: bool) -> Text:
    from rich.text import Text  # who wants JSON or HTML does not pay for it

    text = Text()
    for span in of:
        style = _STYLES.get(span.kind, "")
        before, after = _MARKS[span.kind] if marks and style else ("", "")
        number = f"{span.move} " if before and span.move else ""
        text.append(f"{before}{number}{span.text}{after}", style=style)
    return text
