"""A record made again from the WARC files alone equals the live one, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from archive.database import open_engine
from archive.digests import textprint
from archive.errors import IntegrityError
from archive.ingest import PortalRecord, Reader, Reextraction, RunStart
from archive.rebuild import rebuild
from archive.rebuild import swap as swapping
from archive.records import Article, Reading
from archive.verify import verify
from archive.workspace import Workspace, create
from tests.archive.rows import canonical
from tests.archive.story import OTHER_BODY, Portal, article


def beside(workspace: Workspace, name: str = "again.db") -> Workspace:
    """The same evidence, another database."""
    settings = workspace.settings
    archive = settings.archive.model_copy(update={"database": name})
    return Workspace(workspace.root, settings.model_copy(update={"archive": archive}))


def remember(portal: Portal) -> Any:
    """A reader that knows what the story's pages say; it stands for the extractor."""
    known: dict[tuple[str, bytes], Reading] = {}
    told = portal.add

    def add(*visits: Any) -> Any:
        from archive.message import decoded, parse_response

        for visit in visits:
            if visit.reading is not None:
                last = visit.exchanges[-1]
                known[last.url, decoded(parse_response(last.response), 1 << 20).body] = visit.reading
        return told(*visits)

    portal.add = add  # type: ignore[method-assign]

    def reader_of(record: PortalRecord) -> Reader:
        return lambda body, *, url, content_type, at: known[url, body]

    return reader_of


def eventful(root: Path) -> tuple[Workspace, Any]:
    workspace = create(root)
    portal = Portal(workspace)
    reader_of = remember(portal)
    texts: list[Article] = [article(f"/news/{n}", headline=f"Council report {n}") for n in range(8)]
    portal.begin()
    portal.add(portal.lists("/news", *(text.url for text in texts)), *(portal.shows(text) for text in texts))
    portal.add(portal.shows(article("/az/1", inLanguage="az"), headers={"ETag": '"x"'}))
    portal.end()
    for day in range(3):
        portal.later(days=1).begin()
        portal.add(
            portal.shows(article("/news/0", OTHER_BODY if day % 2 == 0 else texts[0].articleBody)), portal.same(texts[1])
        )
        portal.add(portal.missing("/news/2"), portal.missing("/news/3", 410), portal.fails("/news/5"))
        portal.add(
            portal.redirects("/news/6", texts[4]),
            portal.shows(article("/moved/7", texts[7].articleBody, texts[7].headline or "")),
        )
        portal.add(portal.missing("/news/7"))
        portal.end("ok" if day else "unhealthy")
    portal.later(days=1).begin()
    portal.add(portal.shows(texts[2]), portal.shows(texts[5], furniture="<p>Most read</p>"))
    portal.end()
    return workspace, reader_of


def test_a_rebuilt_record_equals_the_live_one_row_by_row(tmp_path: Path) -> None:
    workspace, reader_of = eventful(tmp_path / "archive")
    again = beside(workspace)
    done = rebuild(workspace, again, reader_of)
    assert done.notices == []
    live, made = canonical(workspace), canonical(again)
    for table in live:
        assert made[table] == live[table], table
    assert sum(map(len, live.values())) > 150
    assert verify(again).problems == []


def test_a_record_of_the_time_before_a_crash_is_rebuilt_up_to_the_last_whole_batch(tmp_path: Path) -> None:
    workspace = create(tmp_path / "archive")
    portal = Portal(workspace)
    reader_of = remember(portal)
    portal.begin()
    portal.add(portal.shows(article("/news/1")))
    portal.add(portal.shows(article("/news/2", OTHER_BODY)))
    portal.ingest = None  # the process is gone
    done = rebuild(workspace, beside(workspace), reader_of)
    assert (done.runs, done.visits) == (1, 2)
    assert any("never ended" in notice for notice in done.notices)
    live, made = canonical(workspace), canonical(beside(workspace))
    assert made["version"] and [len(rows) for rows in made.values()] == [len(rows) for rows in live.values()]


def test_damaged_evidence_stops_a_rebuild_and_is_named(tmp_path: Path) -> None:
    workspace, reader_of = eventful(tmp_path / "archive")
    path = min(workspace.evidence.glob("*.warc.gz"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 16
    path.write_bytes(data)
    with pytest.raises(IntegrityError, match=path.name):
        rebuild(workspace, beside(workspace), reader_of)


@pytest.mark.parametrize("better", [(0, 1, 2), (0,), (2,), ()], ids=["all", "the edited one", "one", "as before"])
def test_a_reextraction_is_told_again_at_its_place(tmp_path: Path, better: tuple[int, ...]) -> None:
    """`better`: the texts that the other rules read otherwise."""
    workspace = create(tmp_path / "archive")
    portal = Portal(workspace)
    texts = [article(f"/news/{n}", headline=f"Council report {n}") for n in range(3)]
    portal.add(*(portal.shows(text, furniture=str(n)) for n, text in enumerate(texts)))
    portal.later().add(portal.shows(replace(texts[0], articleBody=f"{texts[0].articleBody}\n\nAs corrected."), furniture="x"))
    portal.end()

    def reader_of(record: PortalRecord) -> Reader:
        def read(body: bytes, *, url: str, content_type: str | None, at: datetime) -> Reading:
            text = body.decode().partition("<p>")[2].partition("</p>")[0]
            number = int(url[-1])
            more = "\n\nPhoto: State agency" if record.rules == "r2" and number in better else ""
            found = replace(texts[number], articleBody=text + more)
            return Reading(found, "page", record.rules, "test 1", textprint(found))

        return read

    later = Portal(workspace, rules="r2")
    again = Reextraction(workspace, reader=reader_of(later.record))
    again.begin(later.record, RunStart(kind="reextract", started_at=portal.later(days=1).at))
    assert sum(part.captures for part in again.retell()) == 4
    again.end("ok", [], {}, at=portal.later().at)

    into = beside(workspace)
    rebuild(workspace, into, reader_of)
    live, made = canonical(workspace), canonical(into)
    for table in live:
        assert made[table] == live[table], table


def test_a_rebuilt_record_takes_the_live_ones_place_and_the_old_one_stays_until_forgotten(store: Workspace) -> None:
    portal = Portal(store)
    reader_of = remember(portal)
    portal.begin()
    portal.add(portal.shows(article("/news/1")), portal.shows(article("/news/2", OTHER_BODY)))
    portal.end()
    before = canonical(store)
    with open_engine(store).begin() as connection:
        connection.execute(text("UPDATE version SET visits = 40"))
        if connection.dialect.name == "postgresql":
            connection.execute(text("CREATE TABLE somebody_elses (id INT)"))
    made = swapping.beside(store)
    rebuild(store, made, reader_of)
    swapping.carry_over(store, made)
    kept = swapping.swap(store, made)
    assert kept is not None
    assert canonical(store) == before
    assert verify(store).problems == []
    if store.settings.archive.database.startswith("postgresql"):
        with open_engine(store).connect() as connection:
            assert connection.scalar(text(f"SELECT max(visits) FROM {kept}.version")) == 40
            assert connection.scalar(text("SELECT count(*) FROM somebody_elses")) == 0
    swapping.forget(store, kept)
    portal.later(days=1).begin()  # and the record goes on being written
    portal.add(portal.same(article("/news/1")))
    portal.end()
    assert verify(store).problems == []
