"""`onrecord diff`: what exactly changed between two versions of a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output
from archive.output.times import moment

if TYPE_CHECKING:
    from archive.output.screen import Screen

FINDINGS = 6
CONTEXT = 12  # words
SIDES = 160  # columns for two texts side by side, also where no terminal says how wide it is
_VIEWS = {
    "word": "The changed paragraphs, word by word (the default).",
    "line": "A unified diff of the bodies, as `patch` reads it.",
    "side-by-side": "The changed paragraphs, old beside new.",
    "removed": "Only the words that were taken away.",
    "links": "Links, images, attachments and blocks of links that came and went.",
    "meta": "Headline, dates, authors and other fields.",
    "raw": "A unified diff of the payloads as they were sent.",
}
_LINKS = ("links", "images", "attachments", "blocks")
_META = ("headline", "dates", "authors")


def _with_views(function: Callable[..., Any]) -> Callable[..., Any]:
    for name, text in reversed(_VIEWS.items()):
        function = click.option(f"--{name}", "view", flag_value=name, help=text)(function)
    return function


@click.command()
@click.argument("ref")
@click.argument("versions", required=False)
@_with_views
@click.option("--context", type=click.IntRange(0), default=CONTEXT, show_default=True, help="Kept words shown beside a change.")
@click.option("--full", is_flag=True, help="The changed paragraphs whole.")
@click.option("--exit-code", is_flag=True, help="End with 6 where there is a difference.")
@pass_session
@output_options
def diff(
    session: Session,
    output: Output,
    ref: str,
    versions: str | None,
    view: str | None,
    context: int,
    full: bool,
    exit_code: bool,
) -> int:
    """Show what changed in REF between two VERSIONS (default: the last change).

    \b
      onrecord diff a1f3c9                            the last change
      onrecord diff a1f3c9@2                          version 2 against the one before
      onrecord diff a1f3c9 1..3                       any two versions
      onrecord diff a1f3c9 '{2018-11-26}..last'       what was there on a day against now
    """
    from archive import query

    with session.record() as record:
        if view in ("line", "raw"):
            old, new = query.two_texts(record, session.workspace, ref, versions, raw=view == "raw", zone=output.tz)
            return _unified(output, old, new, exit_code=exit_code)
        row = query.diff(record, ref, versions, zone=output.tz)
        short = query.short_ids(record)
    shown = _only(row, view)
    output.one(shown, lambda screen: _draw(screen, shown, view or "word", output, short, None if full else context))
    return FINDINGS if exit_code and (shown["fields"] or shown["absent"]) else 0


def print_blocks(
    screen: Screen, blocks: Sequence[Mapping[str, Any]], view: str = "word", context: int | None = CONTEXT
) -> None:
    """The changed blocks for people: where, then the words, with `context` kept words around each change (None: all).

    Marks stand beside the colours: nobody should have to tell two colours apart to know what went and what came.
    """
    from rich.table import Table
    from rich.text import Text

    from archive.diffing.views import removed_text, side_by_side, word_text

    for whole in blocks:
        block = whole if context is None else elided(whole, context)
        where = Text(place(block), style="dim")
        if view == "side-by-side":
            table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=False, width=min(screen.width, SIDES))
            table.add_column(ratio=1)
            table.add_column(ratio=1)
            table.add_row(*side_by_side(block))
            screen.print(where)
            screen.print(table)
        elif view == "removed":
            text = removed_text(block)
            if text is not None:
                screen.print(where.append("  "), text, sep="")
        else:
            screen.print(Text.assemble(where, "  ", word_text(block)))


def elided(block: Mapping[str, Any], context: int) -> dict[str, Any]:
    """The block with long kept stretches cut to so many words beside each change. For screens: it no longer replays."""
    ops = list(block["ops"])
    last = len(ops) - 1

    def shown(at: int, op: Sequence[Any]) -> list[Any]:
        if op[0] == "=":
            return ["=", _cut(op[1], 0 if at == 0 else context, 0 if at == last else context)]
        return [*op[:-1], _cut(op[-1], context, context)] if op[0] in ("-m", "+m") else list(op)

    return {**block, "ops": [shown(at, op) for at, op in enumerate(ops)]}


def _cut(text: str, head: int, tail: int) -> str:
    words = list(re.finditer(r"\S+", text))
    if len(words) <= head + tail + 2:
        return text
    start = text[: words[head].start()] if head else ""
    end = text[words[len(words) - tail - 1].end() :] if tail else ""
    return f"{start}…{end}"


def place(block: Mapping[str, Any]) -> str:
    """Where a block stands: `body ¶2`, `headline`."""
    return f"body ¶{block['para']}" if block["field"] == "body" else str(block["field"])


def _only(row: dict[str, Any], view: str | None) -> dict[str, Any]:
    """The comparison with only the fields that the view shows."""
    if view not in ("links", "meta"):
        return row
    kept = _LINKS if view == "links" else _META
    return {
        **row,
        "fields": [name for name in row["fields"] if name in kept],
        "blocks": [block for block in row["blocks"] if block["field"] in kept],
    }


def _draw(
    screen: Screen, row: Mapping[str, Any], view: str, output: Output, short: Callable[[str], str], context: int | None
) -> None:
    from rich.text import Text

    old, new = row["from"], row["to"]
    name, line = short(row["page"]), Text()
    absent = {side["side"]: side for side in row["absent"]}
    for side, shown in (("from", old), ("to", new)):
        n, at = (absent[side]["n"], absent[side]["since"]) if side in absent else (shown["n"], shown["captured_at"])
        line.append("  →  " if side == "to" else "").append(f"{name}@{n}", style="id").append(f" {moment(at, output.tz)}")
    screen.print(line)
    for side in row["absent"]:
        screen.print(Text(f"@{side['n']} is no text: {_no_text(side, output)}"))
    if absent and old["n"] == new["n"]:
        return
    if not row["fields"]:
        same = old["sha256"] == new["sha256"]
        screen.print(Text("the same bytes" if same else "no difference in what the page says", style="dim"))
        return
    print_blocks(screen, row["blocks"], view, context)
    added, removed = row["words"]["added"], row["words"]["removed"]
    parts = [
        ", ".join(row["fields"]),
        f"+{added} -{removed} words" if added or removed else None,
        row.get("why"),
        {"yes": "declared by the page", "no": "not declared by the page"}.get(row.get("declared", "")),
        "only furniture" if row.get("muted") else None,
    ]
    screen.print(Text(" · ".join(filter(None, parts)), style="dim"))
    prints = "  →  ".join(str(side["sha256"] or "")[:16] + "…" for side in (old, new))
    screen.print(Text(f"sha256 {prints}   cite: onrecord cite {name}@{new['n']}", style="dim"))


def _no_text(side: Mapping[str, Any], output: Output) -> str:
    """What stands where a version is no text, and what became of the text before it."""
    since, text = moment(side["since"], output.tz), side["last_good"].partition("@")[2]
    if side["state"] == "gone":
        return f"the page answered {side['answer']} from {since} on; the text of @{text} stands as removed from the site"
    return f"the page {side['answer']} on {since}; the text of @{text} was the last here"


def _unified(output: Output, old: Any, new: Any, *, exit_code: bool) -> int:
    from archive.diffing.views import unified

    text = unified(old.text, new.text, old.label, new.label)
    output.one(
        {"from": old.label, "to": new.label, "unified": text},
        lambda screen: screen.print(_colored(text), end="", soft_wrap=True),
    )
    return FINDINGS if exit_code and text else 0


def _colored(text: str) -> Any:
    from rich.text import Text

    styles = {"+": "blue", "-": "yellow", "@": "id"}
    colored = Text()
    for line in text.splitlines(keepends=True):
        colored.append(line, style=styles.get(line[:1], "") if not line.startswith(("+++", "---")) else "title")
    return colored
