"""What is said: the change itself, short enough to read where it arrives, with the way to all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.diffing.views import spans
from archive.feeds import Entry, entry
from archive.output.safe import visible
from archive.output.times import localised, moment

LINES = 10  # of one change
CHANGES = 50  # of one message
CONTEXT = 60  # characters of kept text beside a change
_MARKS = {"removed": "[-{}-]", "added": "{{+{}+}}", "moved_away": "[<{}]", "moved_here": "{{>{}}}"}


@dataclass(frozen=True, slots=True)
class Message:
    """A message about one change or several. `data` is the same for programs."""

    subject: str
    text: str
    data: Mapping[str, Any]


def message(changes: Sequence[Mapping[str, Any]], viewer: str) -> Message:
    """The message about these changes (asked with their blocks), links leading to the viewer there."""
    viewer = viewer.rstrip("/")
    told = [(change, entry(change, viewer)) for change in changes[:CHANGES]]
    subject = told[0][1].title if len(changes) == 1 else f"{len(changes)} changes"
    parts = [_paragraph(change, said) for change, said in told]
    if len(changes) > CHANGES:
        parts.append(f"{len(changes) - CHANGES} more: {viewer}/changes")
    data = {
        "schema": "onrecord.alert/1",
        "changes": [{**localised(dict(change), None), "id": said.id, "link": said.link} for change, said in told],
        "more": max(0, len(changes) - CHANGES),
    }
    return Message(" ".join(visible(subject).split())[:200], "\n\n".join(parts) + "\n", data)


def _paragraph(change: Mapping[str, Any], said: Entry) -> str:
    where = " · ".join(filter(None, [change["portal"], ", ".join(change["sections"]), moment(change["detected_at"])]))
    lines = [said.title, where, said.text]
    blocks = change.get("blocks") or [] if change["kind"] == "edited" else []
    lines += [_line(block) for block in blocks[:LINES]]
    if len(blocks) > LINES:
        lines.append(f"… {len(blocks) - LINES} more")
    cite = f"onrecord cite {change['page']}@{change['to']}" if change["to"] else ""
    return "\n".join(visible(line) for line in [*lines, said.link, cite] if line)


def _line(block: Mapping[str, Any]) -> str:
    where = f"¶{block['para']}" if block["field"] == "body" else str(block["field"])
    parts = [one.text if one.kind == "kept" else _MARKS[one.kind].format(one.text) for one in spans(block)]
    shown = [_short(text) if one.kind == "kept" else text for text, one in zip(parts, spans(block), strict=True)]
    return f"{where}: " + " ".join("".join(shown).split())


def _short(text: str) -> str:
    return text if len(text) <= 2 * CONTEXT else f"{text[:CONTEXT]} … {text[-CONTEXT:]}"
