"""What the demonstration prints: an edition's counts, a few telling changes with their words, and the verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from crawler.demo.demonstration import PORTAL, Row, Step
from crawler.demo.excerpt import excerpt
from crawler.demo.newsroom import edition_day

KINDS = ("new", "edited", "moved", "replaced", "suspected gone", "gone", "back")
WIDTH = 80
WORD_LINES = 3
SMALL = 4  # words: the edits that are easily overlooked
_INDENT = " " * 12
_STYLES = {"=": "", "-": "removed", "+": "added", "m": "moved"}
_MARKS = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}", "m": "moved: {}"}


def counts(changes: Iterable[Row]) -> str:
    """ "5 new · 27 edited · 6 gone", in the product's order of kinds."""
    number = Counter(_kind(row) for row in changes)
    return " · ".join(f"{number[kind]} {kind}" for kind in KINDS if number[kind]) or "no change"


def telling(changes: Sequence[Row]) -> Iterator[Row]:
    """A few of many: a few words replaced, a silent edit, a headline, a moved paragraph, then one of each other kind.

    Those in English first, as this report is; then the most significant.
    """
    rank = sorted(changes, key=lambda row: ("/en/" not in row["url"], -(row.get("significance") or 0)))
    edits = [row for row in rank if row["kind"] == "edited"]
    wanted: tuple[Callable[[Row], bool], ...] = (
        lambda row: "body" in row["fields"] and row["words_added"] and 0 < row["words_removed"] <= SMALL,
        lambda row: row.get("declared") == "no" and "body" in row["fields"],
        lambda row: "headline" in row["fields"],
        lambda row: "body" in row["fields"] and row["words_added"] == row["words_removed"] == 0,
    )
    shown: list[Row] = []
    for fits in wanted:
        found = next((row for row in edits if fits(row) and row not in shown), None)
        if found is not None:
            shown.append(found)
            yield found
    for kind in ("moved", "replaced", "gone", "back"):
        yield from [row for row in rank if row["kind"] == kind][:1]


def print_step(step: Step, console: Console) -> None:
    """One edition, readable at 80 columns."""
    day = f"{edition_day(step.edition):%d %b %Y}"
    console.print(Text(f"\nEdition {step.edition}, {day}", style="title"), Text(f"  {step.seconds:.1f}s", style="dim"), sep="")
    console.print(f"  {step.crawl['visits']} pages asked · {counts(step.changes)}")
    if step.edition > 1:
        for change in telling(step.changes):
            for line in _lines(change):
                line.truncate(WIDTH, overflow="ellipsis")
                console.print(line)
            for line in _words(change).wrap(console, WIDTH - len(_INDENT))[:WORD_LINES]:
                line.rstrip()
                if line:
                    console.print(Text(_INDENT).append(line))
    for row in step.comparison.missing:
        console.print(Text(f"  missing  {_row(row)}", style="bad"))
    for row in step.comparison.extra:
        console.print(Text(f"  extra    {_row(row)}", style="bad"))


def _lines(change: Row) -> Iterator[Text]:
    """What happened to which article."""
    yield Text("  ").append(f"{change['kind']:<9} ", style="title").append(change.get("headline") or _path(change["url"]))
    if change["kind"] == "moved":
        yield Text(f"{_INDENT}from {_path(change['from_url'])} to {_path(change['url'])}", style="dim")
    elif change["kind"] == "edited":
        said = {"no": ", not declared by the page", "yes": ", declared"}.get(change.get("declared") or "", "")
        size = f"+{change['words_added']} -{change['words_removed']} words"
        if "body" in change["fields"] and not change["words_added"] and not change["words_removed"]:
            size = "words moved"
        yield Text(f"{_INDENT}{', '.join(change['fields'])}: {size}{said}", style="dim")
    else:
        suspected = " (suspected)" if change.get("state") == "suspected" else ""
        yield Text(f"{_INDENT}{_path(change['url'])}{suspected}", style="dim")


def _words(change: Row) -> Text:
    """The words of an edit, the first of its changed paragraphs."""
    line = Text()
    worded = (block for block in change.get("blocks") or () if block["field"] in ("headline", "body", "blocks"))
    for tag, words in excerpt(next(worded, {"ops": ()})["ops"]) if change["kind"] == "edited" else ():
        line.append(_MARKS.get(tag, "{}").format(words), style=_STYLES.get(tag, "")).append(" ")
    return line


def _kind(row: Row) -> str:
    return "suspected gone" if row.get("state") == "suspected" else str(row["kind"])


def _row(row: Row) -> str:
    fields = f" [{', '.join(row['fields'])}]" if row.get("fields") else ""
    detail = f" ({row['detail']})" if row.get("detail") else ""
    return f"{_kind(row)} {_path(row['url'])}{fields}{detail}"


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[-1]


def print_verdict(steps: list[Step], kept: Path | None, console: Console) -> None:
    """Whether the truth was found, and what to try next."""
    found, missing, extra = _totals(steps)
    seconds = sum(step.seconds for step in steps)
    console.print()
    if missing or extra:
        line = f"Found {found} of the {found + missing} changes of the truth and {extra} beyond it in {seconds:.0f}s."
        console.print(Text(line, style="bad"))
    else:
        console.print(Text(f"Found exactly the {found} changes of the truth in {seconds:.0f}s.", style="good"))
    console.print("\nTry next:")
    if kept is None:
        console.print("  onrecord demo --keep demo        the same, and the archive stays in demo/")
        return
    for words in ("changes --kind edited,gone", "gone", f"list --portal {PORTAL}", "search commission", "stats"):
        console.print(f"  onrecord -C {kept} {words}")


def _totals(steps: list[Step]) -> tuple[int, int, int]:
    """Changes found, missing and extra over all editions."""
    return (
        sum(step.comparison.found for step in steps),
        sum(len(step.comparison.missing) for step in steps),
        sum(len(step.comparison.extra) for step in steps),
    )


def as_json(steps: list[Step], url: str, kept: Path | None) -> dict[str, Any]:
    """The whole demonstration for programs."""
    found, missing, extra = _totals(steps)
    return {
        "portal": url,
        "archive": str(kept) if kept else None,
        "exact": not missing and not extra,
        "found": found,
        "missing": missing,
        "extra": extra,
        "seconds": round(sum(step.seconds for step in steps), 2),
        "editions": [
            {
                "edition": step.edition,
                "seconds": round(step.seconds, 2),
                "crawl": step.crawl,
                "changes": [{key: value for key, value in row.items() if key != "blocks"} for row in step.changes],
                "missing": list(step.comparison.missing),
                "extra": list(step.comparison.extra),
            }
            for step in steps
        ],
    }
