"""Old captures are read in real worker processes, which find the bytes themselves and say what reads as before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from archive import database, workspace
from archive.as_before import AsBefore
from archive.ingest import Ingest, RunStart
from archive.ingest.originals import held_of, originals_of, unread
from archive.records import Exchange, Reading, Visit
from archive.unread import Unread
from archive.workspace import Workspace
from crawler import portal_file
from crawler.extraction import EXTRACTOR, read
from crawler.portal import Portal
from crawler.reading_ahead import ReadingAhead
from crawler.recorded import portal_record

HOME = "http://p.example/"
FILE = f'schema = 1\n[portal]\nid = "p"\nname = "P"\nhome = "{HOME}"\n'
WORDS = "<p>The ministry opened a bridge over the river on Tuesday, and the minister said that a second one will follow. {}</p>"
NOW = 9  # the id of the rules in force, as far as the workers know


def visit(portal: Portal, number: int) -> Visit:
    """One look at an article."""
    url, at = f"{HOME}news/{number}", datetime(2024, 1, number, tzinfo=UTC)
    body = (
        f"<title>Bridge {number} – P</title><h1>Bridge {number}</h1>{WORDS.format(number)}<p class=x>Körpü, мост.</p>".encode()
    )
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    reading = read(body, url=url, content_type="text/html; charset=utf-8", portal=portal, at=at)
    exchange = Exchange(url, at, b"GET / HTTP/1.1\r\nHost: p.example\r\n\r\n", head + body)
    return Visit(url, "article", at, "content", (exchange,), reading=reading, basis="read")


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    made = workspace.create(tmp_path / "archive")
    database.upgrade(made)
    (made.portals / "p.toml").write_text(FILE, encoding="utf-8")
    portal = portal_file.find(made, "p")
    ingest = Ingest(made)
    ingest.begin(portal_record(made, portal), RunStart())
    ingest.add([visit(portal, number) for number in range(1, 6)])
    ingest.end("ok", [], {})
    return made


def captures(place: Workspace) -> list[Unread]:
    """What there is to read again."""
    with database.open_engine(place, readonly=True).connect() as connection:
        shown = connection.execute(text("SELECT capture_id, reading_id, page.url FROM version JOIN page ON page.id = page_id"))
        rows = sorted(shown.all(), key=lambda row: row.url)
        originals = originals_of(connection, [row.capture_id for row in rows])
        held = held_of(connection, [row.reading_id for row in rows], NOW, EXTRACTOR)
        return [unread(place.evidence, originals[row.capture_id], row.url, held[row.reading_id]) for row in rows]


def said(place: Workspace, wanted: Sequence[Unread], more: str = "") -> list[object]:
    portal = portal_file.parse(FILE + more)
    with ReadingAhead(2) as ahead:
        found = ahead.prepare(portal)(wanted)()
    return [found[item] for item in wanted]


def test_what_reads_as_before_is_only_said_to_do_so(place: Workspace) -> None:
    wanted = captures(place)
    told = said(place, wanted)
    assert all(isinstance(one, AsBefore) for one in told)
    assert [one.reading_id for one in told if isinstance(one, AsBefore)] == [
        item.held.reading_id for item in wanted if item.held
    ]


def test_what_reads_otherwise_comes_back(place: Workspace) -> None:
    told = said(place, captures(place), '[[layout]]\nbody = { prune = [".x"] }\n')
    assert [one.article.headline for one in told if isinstance(one, Reading)] == [f"Bridge {n}" for n in range(1, 6)]
    assert not any("мост" in one.article.articleBody for one in told if isinstance(one, Reading))


def test_what_is_held_otherwise_comes_back(place: Workspace) -> None:
    first, second, *_ = captures(place)
    assert first.held is not None and second.held is not None
    other = replace(first, held=replace(first.held, seal=second.held.seal))
    without = replace(second, held=None)
    assert [type(one) for one in said(place, [other, without])] == [Reading, Reading]


def test_a_record_that_is_damaged_or_gone_is_not_read(place: Workspace) -> None:
    damaged, gone, whole, *_ = captures(place)
    damaged = replace(damaged, locator=replace(damaged.locator, sha256="0" * 64))
    gone = replace(gone, locator=replace(gone.locator, warc="never-was.warc.gz"))
    lost, missing, found = said(place, [damaged, gone, whole])
    assert (lost, missing, isinstance(found, AsBefore)) == (None, None, True)


def test_evidence_that_cannot_be_got_at_is_no_answer_about_a_page(place: Workspace) -> None:
    """A directory in the file's place: as a share that is away, it says nothing of the page."""
    wanted = captures(place)[0]
    (place.evidence / "away.warc.gz").mkdir()
    away = replace(wanted, locator=replace(wanted.locator, warc="away.warc.gz"))
    with pytest.raises(OSError, match=r"away\.warc\.gz"):
        said(place, [away])
