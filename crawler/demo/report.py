"""What the demonstration prints: an edition's counts, a few telling changes with their words, and the verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from crawler.demo.demonstration import PORTAL, Step
from crawler.demo.excerpt import excerpt
from crawler.demo.newsroom import edition_day

KINDS = ("new", "edited", "moved", "replaced", "suspected gone", "gone", "back")
Differ = Callable[[dict[str, Any]], list[dict[str, Any]]]  # a change -> the blocks of its diff
_STYLES = {"=": "", "-": "removed", "+": "added"}
_MARKS = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}


def counts(changes: Iterable[dict[str, Any]]) -> str:
    """ "5 new · 27 edited · 6 gone", in the product's order of kinds."""
    number = Counter(_kind(row) for row in changes)
    return " · ".join(f"{number[kind]} {kind}" for kind in KINDS if number[kind]) or "no change"


def telling(changes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """A few of many: the most significant edit, a silent one, a changed headline, then one of each other kind."""
    edits = sorted((row for row in changes if row["kind"] == "edited"), key=lambda row: -(row.get("significance") or 0))
    wanted: tuple[Callable[[dict[str, Any]], bool], ...] = (
        lambda row: "body" in row["fields"],
        lambda row: row.get("declared") == "no" and "body" in row["fields"],
        lambda row: "headline" in row["fields"],
    )
    shown: list[dict[str, Any]] = []
    for fits in wanted:
        found = next((row for row in edits if fits(row) and row not in shown), None)
        if found is not None:
            shown.append(found)
            yield found
    for kind in ("moved", "replaced", "gone", "back"):
        yield from [row for row in changes if row["kind"] == kind][:1]


def print_step(step: Step, blocks: Differ, console: Console) -> None:
    """One edition, readable at 80 columns."""
    day = f"{edition_day(step.edition):%d %b %Y}"
    console.print(Text(f"\nEdition {step.edition}, {day}", style="title"), Text(f"  {step.seconds:.1f}s", style="dim"), sep="")
    console.print(f"  {step.crawl['visits']} pages asked · {counts(step.changes)}")
    if step.edition > 1:
        for change in telling(step.changes):
            for line in _lines(change, blocks):
                line.truncate(min(console.width, 80), overflow="ellipsis")
                console.print(line)
    for row in step.comparison.missing:
        console.print(Text(f"  missing  {_row(row)}", style="bad"))
    for row in step.comparison.extra:
        console.print(Text(f"  extra    {_row(row)}", style="bad"))


def _lines(change: dict[str, Any], blocks: Differ) -> Iterator[Text]:
    yield Text("  ").append(f"{change['kind']:<9}", style="title").append(change.get("headline") or _path(change["url"]))
    if change["kind"] == "moved":
        yield Text(f"           from {_path(change['from_url'])} to {_path(change['url'])}", style="dim")
    elif change["kind"] == "edited":
        silent = {"no": ", not declared by the page", "yes": ", declared"}.get(change.get("declared") or "", "")
        size = f"+{change['words_added']} -{change['words_removed']} words"
        yield Text(f"           {', '.join(change['fields'])}: {size}{silent}", style="dim")
        for block in blocks(change)[:1]:
            yield _words(block)
    else:
        yield Text(f"           {_path(change['url'])}", style="dim")


def _words(block: dict[str, Any]) -> Text:
    line = Text("           ")
    for tag, words in excerpt(block["ops"]):
        line.append(_MARKS.get(tag, "{}").format(words) + " ", style=_STYLES.get(tag, ""))
    return line


def _kind(row: dict[str, Any]) -> str:
    return "suspected gone" if row.get("state") == "suspected" else str(row["kind"])


def _row(row: dict[str, Any]) -> str:
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
                "changes": step.changes,
                "missing": list(step.comparison.missing),
                "extra": list(step.comparison.extra),
            }
            for step in steps
        ],
    }
