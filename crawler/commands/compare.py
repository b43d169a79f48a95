"""`onrecord compare A B`: two saved copies of a page, without an archive: did its publisher change what it says?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.cli.options import output_options
from archive.digests import sha256_hex
from archive.output import Output
from crawler.saved_page import saved_body

if TYPE_CHECKING:
    from archive.output.screen import Screen
    from crawler.commands.saved_page import SavedPage

EXIT_FINDINGS = 6


@click.command()
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option("--url", metavar="URL", help="The page's address (default: the one it states itself).")
@click.option("--exit-code", is_flag=True, help="End with 6 where the publisher edited the page.")
@output_options
def compare(before: Path, after: Path, url: str | None, exit_code: bool, output: Output) -> int:
    """Compare two saved copies of a page (HTML, or HTML.gz), the older one first.

    The verdict is `edited` where the publisher's words, headline, dates, links, images or attachments changed, `noise`
    where only furniture, formatting or spacing did, `unchanged` where the bytes are the same, and `blocked` where one
    of the two is an error, login or block page.

    \b
      onrecord compare monday.html friday.html
      onrecord compare a.html.gz b.html.gz --url https://gov.example/news/1 --json
    """
    from archive.diffing import compare_articles
    from archive.diffing.fields import FIELDS
    from crawler.commands.saved_page import SavedPage, beside_the_article

    bodies = saved_body(before), saved_body(after)
    old, new = (SavedPage.of(body, url or "about:blank") for body in bodies)
    diff = compare_articles(old.article, new.article)
    blocks = [*(diff.blocks if diff.muted is None else ()), *beside_the_article(old, new)]
    verdict = _verdict(old, new, blocks)
    changed = {block["field"] for block in blocks}
    row: dict[str, Any] = {
        "schema": "onrecord.diff/1",
        "page": None,
        "url": url or new.article.canonicalUrl,
        "from": {"file": str(before), "sha256": sha256_hex(bodies[0])},
        "to": {"file": str(after), "sha256": sha256_hex(bodies[1])},
        "verdict": verdict,
        "fields": [field for field in FIELDS if field in changed],
        "words": {"added": diff.words_added, "removed": diff.words_removed, "moved": diff.words_moved},
        "significance": diff.score,
        "why": diff.why,
        "declared": diff.declared,
        "muted": diff.muted,
        "blocks": blocks or list(diff.blocks),
    }
    output.one(row, lambda console: _show(console, row))
    return EXIT_FINDINGS if exit_code and verdict == "edited" else 0


def _verdict(old: SavedPage, new: SavedPage, blocks: list[dict[str, Any]]) -> str:
    if old.body == new.body:
        return "unchanged"
    if old.reading.kind != "page" or new.reading.kind != "page":
        return "blocked"
    return "edited" if any(map(_says, blocks)) else "noise"


def _says(block: dict[str, Any]) -> bool:
    """Whether a changed block is the publisher's own word: not a list of other pages, not a stamp of when it was changed."""
    if block["field"] == "blocks":
        return "change_note" in block.get("aside", ())
    return block["field"] != "dates" or block["ops"][0][-1].startswith("datePublished ") is True


def _show(console: Screen, row: dict[str, Any]) -> None:
    from archive.diffing.views import word_text

    console.print(f"{row['verdict']}" + (f": {row['why']}" if row["why"] else ""), style="title", highlight=False, markup=False)
    for block in row["blocks"]:
        console.print(f"{block['field']} ¶{block['para']}", style="dim", end="  ", markup=False, highlight=False)
        console.print(word_text(block))
