"""`onrecord compare A B`: two saved copies of a page, without an archive: did its publisher change what it says?"""

from __future__ import annotations

import gzip
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from archive.cli.options import output_options
from archive.digests import sha256_hex
from archive.errors import NotFound, UsageError
from archive.output import Output
from archive.records import Article, RelatedLink

if TYPE_CHECKING:
    from archive.diffing import ArticleDiff
    from archive.output.screen import Screen
    from archive.records import Reading

EXIT_FINDINGS = 6
MAX_BYTES = 64 * 1024 * 1024  # of a saved page, after decompression


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
    from crawler.extraction import read

    bodies = _body(before), _body(after)
    address = url or "about:blank"
    old, new = (read(body, url=address, content_type="text/html", at=datetime.now(UTC)) for body in bodies)
    diff = compare_articles(*(_article(body, reading) for body, reading in zip(bodies, (old, new), strict=True)))
    verdict = _verdict(bodies, (old, new), diff)
    row: dict[str, Any] = {
        "schema": "onrecord.diff/1",
        "page": None,
        "url": url or new.article.canonicalUrl,
        "from": {"file": str(before), "sha256": sha256_hex(bodies[0])},
        "to": {"file": str(after), "sha256": sha256_hex(bodies[1])},
        "verdict": verdict,
        "fields": list(diff.fields) if diff.muted is None else [],
        "words": {"added": diff.words_added, "removed": diff.words_removed, "moved": diff.words_moved},
        "significance": diff.score,
        "why": diff.why,
        "declared": diff.declared,
        "muted": diff.muted,
        "blocks": list(diff.blocks),
    }
    output.one(row, lambda console: _show(console, row))
    return EXIT_FINDINGS if exit_code and verdict == "edited" else 0


def _article(body: bytes, reading: Reading) -> Article:
    """What is compared: the article; of a home page, which has no date of its own, without one; of a page without an
    article, all its text and links."""
    from crawler.extraction.decoding import decode
    from crawler.extraction.markup import parse
    from crawler.extraction.outline import outline

    article = reading.article
    if article.canonicalUrl is not None and urlsplit(article.canonicalUrl).path in ("", "/"):
        article = replace(article, datePublished=None)
    if article.articleBody:
        return article
    lines = outline(parse(decode(body, "text/html").text).tree)
    links = tuple(RelatedLink("body", url) for url in reading.outlinks)
    return replace(article, articleBody="\n\n".join(line.text for line in lines), links=links)


def _verdict(bodies: tuple[bytes, bytes], readings: tuple[Reading, Reading], diff: ArticleDiff) -> str:
    if bodies[0] == bodies[1]:
        return "unchanged"
    if any(reading.kind != "page" for reading in readings):
        return "blocked"
    return "edited" if diff.muted is None and any(map(_says, diff.blocks)) else "noise"


def _says(block: dict[str, Any]) -> bool:
    """Whether a changed block is the publisher's own word: not a list of other pages, not a stamp of when it was changed."""
    if block["field"] == "blocks":
        return "change_note" in block.get("aside", ())
    return block["field"] != "dates" or block["ops"][0][-1].startswith("datePublished ") is True


def _body(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(f"no file {path}") from error
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.open(path) as unpacked:
            return unpacked.read(MAX_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(f"{path}: damaged gzip: {error}") from error


def _show(console: Screen, row: dict[str, Any]) -> None:
    from archive.diffing.views import word_text

    console.print(f"{row['verdict']}" + (f": {row['why']}" if row["why"] else ""), style="title", highlight=False, markup=False)
    for block in row["blocks"]:
        console.print(f"{block['field']} ¶{block['para']}", style="dim", end="  ", markup=False, highlight=False)
        console.print(word_text(block))
