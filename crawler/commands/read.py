"""`onrecord read`: saved pages into articles, a line each, in worker processes and without an archive."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import click

from archive.errors import NotFound, UsageError

FEW = 8  # pages up to which starting workers costs more than it saves
AHEAD = 8  # pages a worker may have waiting: bounds the memory of a long manifest
_STATED = re.compile(
    rb"""rel=["']?canonical["']?[^>]+href=["']([^"']+)|property=["']og:url["'][^>]+content=["']([^"']+)""", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Saved:
    """One line of a manifest: a saved page and the address it was served under."""

    id: str
    file: Path
    url: str | None = None
    content_type: str | None = None


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--manifest", type=click.Path(path_type=Path), help='Read the pages of a JSONL file: {"id","file","url","content_type"?}.'
)
@click.option(
    "-o",
    "--output",
    "target",
    type=click.File("w", encoding="utf-8", lazy=True),
    default="-",
    help="Write here (default: stdout).",
)
@click.option("--url", metavar="URL", help="The address of a single FILE (default: the one it states itself).")
@click.option("--workers", type=click.IntRange(min=0), default=0, help="Worker processes (default: one a core).")
def read(files: tuple[Path, ...], manifest: Path | None, target: IO[str], url: str | None, workers: int) -> None:
    """Read saved pages (HTML, PDF or office files, plain or .gz; bytes as served) into one JSON line each.

    Each line holds id, body, title, date, date_source, author, lang, links and warnings, and what else was read.
    An archive is not needed and not touched. A page that cannot be read gets a line with a warning.

    \b
      onrecord read page.html --url https://gov.example/news/1
      onrecord read --manifest pages.jsonl -o articles.jsonl
    """
    if bool(files) == (manifest is not None):
        raise click.UsageError("give files, or --manifest IN.jsonl")
    if url is not None and len(files) != 1:
        raise click.UsageError("--url goes with a single file; a manifest names the address of each page")
    pages = _of_manifest(manifest) if manifest is not None else [Saved(str(file), file, url) for file in files]
    for row in _rows(pages, workers):
        target.write(json.dumps(row, ensure_ascii=False) + "\n")


def _of_manifest(manifest: Path) -> list[Saved]:
    """The lines of a manifest; files are relative to it."""
    try:
        lines = manifest.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise NotFound(f"no file {manifest}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{manifest}: cannot be read: {error}") from error
    pages = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            pages.append(Saved(str(row["id"]), manifest.parent / row["file"], row.get("url"), row.get("content_type")))
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise UsageError(
                f"{manifest}:{number}: not a page: {error!r}", hint='a line is {"id":…,"file":…,"url":…,"content_type"?:…}'
            ) from error
    return pages


def _rows(pages: list[Saved], workers: int) -> Iterator[dict[str, Any]]:
    """One row a page, in the order of the pages."""
    count = workers or os.cpu_count() or 1
    if len(pages) <= FEW or count == 1:
        yield from map(read_saved, pages)
        return
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["crawler.extraction.reader"])
    with ProcessPoolExecutor(count, mp_context=context) as pool:
        waiting: deque[tuple[Saved, Future[dict[str, Any]]]] = deque()
        for page in pages:
            waiting.append((page, pool.submit(read_saved, page)))
            if len(waiting) >= AHEAD * count:
                yield _result(*waiting.popleft())
        while waiting:
            yield _result(*waiting.popleft())


def _result(page: Saved, future: Future[dict[str, Any]]) -> dict[str, Any]:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise UsageError(
            f"{page.file}: a worker process ended while reading", hint="try --workers 1 to find the page"
        ) from error


def read_saved(page: Saved) -> dict[str, Any]:
    """Read one saved page; a file that cannot be opened becomes a row with a warning, so that the others are read."""
    from crawler.extraction import read as read_page
    from crawler.saved_page import saved_body

    try:
        body = saved_body(page.file)
    except (NotFound, UsageError) as error:
        return _row(page.id, None, [error.message])
    reading = read_page(body, url=page.url or _stated(body), content_type=page.content_type)
    return _row(page.id, reading, [])


def _stated(body: bytes) -> str:
    found = _STATED.search(body[:200_000])
    return (found[1] or found[2]).decode("utf-8", "replace") if found else "about:blank"


def _row(name: str, reading: Any, warnings: Iterable[str]) -> dict[str, Any]:
    article = reading.article if reading is not None else None
    if article is None:
        keys = ("body", "title", "date", "date_source", "author", "lang")
        return {"id": name, **dict.fromkeys(keys), "links": [], "warnings": list(warnings)}
    published, modified = article.datePublished, article.dateModified
    return {
        "id": name,
        "body": article.articleBody,
        "title": article.headline,
        "date": published.value if published else None,
        "date_source": published.source if published else None,
        "author": "; ".join(article.authors) or None,
        "lang": article.inLanguage,
        "links": [asdict(link) for link in article.links],
        "warnings": [*warnings, *reading.warnings],
        "url": article.url,
        "kind": reading.kind,
        "date_confidence": published.confidence if published else None,
        "date_modified": modified.value if modified else None,
        "description": article.description,
        "section": article.articleSection,
        "breadcrumbs": list(article.breadcrumbs),
        "dateline": asdict(article.dateline) if article.dateline else None,
        "blocks": [asdict(block) for block in article.blocks],
        "quotes": [asdict(quote) for quote in article.quotes],
        "images": [asdict(image) for image in article.images],
        "asides": [asdict(aside) for aside in article.asides],
        "publisher_note": article.publisherNote,
        "extractor": reading.extractor,
    }
