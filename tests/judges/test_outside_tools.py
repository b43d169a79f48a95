"""An archive of a real crawl before judges that know nothing of us: warcio, FastWARC, gzip, cdxj-indexer, pywb, wacz."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from archive import memento, wacz
from archive.cdxj import Index, parse
from archive.database import open_engine, session
from archive.models import Base
from archive.rebuild import rebuild
from archive.rebuild.swap import beside
from archive.verify import verify
from archive.workspace import Workspace, open_at
from crawler.rereading import reader_of
from tests.archive.rows import canonical
from tests.crawler.small_portal import archive_of, small_portal
from tests.crawler.test_crawl import ask
from tests.judges.pywb import wayback

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str]:
    """Three crawls of a portal: an edit, a 404, a redirect, a 304, pages that do not change."""
    folder = tmp_path_factory.mktemp("judged")
    with small_portal() as portal:
        archive_of(folder / "archive", portal)
        portal.article(1, etag=True)
        ask(folder / "archive", "crawl", "small")
        portal.article(3, words="The total is 47 million.")
        portal.put("/en/news/2", b"<h1>Not found</h1>", status=404)
        portal.put("/en/news/4", b"", status=301, headers={"Location": "/en/news/5"})
        ask(folder / "archive", "crawl", "small", code=0)
        ask(folder / "archive", "crawl", "small")
        return open_at(folder / "archive"), portal.base


def files(workspace: Workspace) -> list[Path]:
    return sorted(workspace.evidence.glob("*.warc.gz"))


def test_verify_finds_nothing_wrong(crawled: tuple[Workspace, str]) -> None:
    assert verify(crawled[0]).problems == []


@pytest.mark.parametrize("judge", [["warcio", "check", "-v"], ["fastwarc", "check", "-q"]], ids=["warcio", "fastwarc"])
def test_warc_validators_accept_every_record(crawled: tuple[Workspace, str], judge: list[str]) -> None:
    for path in files(crawled[0]):
        done = subprocess.run([BIN / judge[0], *judge[1:], path], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        assert subprocess.run(["gzip", "-t", path]).returncode == 0


def test_the_index_equals_that_of_cdxj_indexer(crawled: tuple[Workspace, str]) -> None:
    command = [BIN / "cdxj-indexer", "-s", *files(crawled[0])]
    theirs = [parse(text) for text in subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()]
    ours = [parse(text) for text in Index(crawled[0].evidence).lines()]

    def place(entry: Any) -> tuple[str, int]:
        return entry.fields["filename"], int(entry.fields["offset"])

    assert len(ours) == len(theirs) > 30
    for mine, other in zip(sorted(ours, key=place), sorted(theirs, key=place), strict=True):
        if other.fields.get("digest", "").startswith("sha1:"):  # made up by the indexer: the record carries none
            other.fields.pop("digest")
            mine.fields.pop("digest", None)
        assert mine == other


def get(url: str) -> tuple[int, bytes, dict[str, str]]:
    class NoRedirect(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args: Any) -> None:
            return None

    try:
        with urllib.request.build_opener(NoRedirect).open(url, timeout=20) as answer:
            return answer.status, answer.read(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read(), dict(error.headers)


def test_pywb_replays_every_capture_and_answers_timemaps(crawled: tuple[Workspace, str], tmp_path: Path) -> None:
    workspace, base = crawled
    with wayback(files(workspace), tmp_path) as collection, session(workspace, readonly=True) as record:
        every = [item for item in memento.mementos(record, f"{base}/", match="prefix") if "/en/news/" in item.url]
        assert {item.record for item in every} == {"response", "revisit"}
        assert {200, 301, 304, 404} <= {item.status for item in every}
        for item in every:
            status, body, _ = get(f"{collection}/{item.stamp}id_/{item.url}")
            message, entity = memento.answer(record, workspace, item)
            assert status == message.status, (item, status)
            if status == 200:
                assert body == entity, item
        page = f"{base}/en/news/3"
        expected = [item.stamp for item in every if item.url == page]
        _, cdx, _ = get(f"{collection}/cdx?url={page}&output=json")
        assert [json.loads(line)["timestamp"] for line in cdx.splitlines()] == expected
        status, timemap, _ = get(f"{collection}/timemap/link/{page}")
        assert status == 200
        assert timemap.decode().count("; datetime=") == len(expected)


def test_the_judge_of_wacz_files_accepts_the_export(crawled: tuple[Workspace, str], tmp_path: Path) -> None:
    workspace, _ = crawled
    with open_engine(workspace, readonly=True).connect() as connection:
        numbers = list(connection.scalars(select(Base.metadata.tables["capture"].c.id)))
        wacz.export_wacz(workspace, connection, numbers, tmp_path / "out.wacz", title="all")
    done = subprocess.run([BIN / "wacz", "validate", "-f", tmp_path / "out.wacz"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_rebuilt_record_of_a_real_crawl_equals_the_live_one(crawled: tuple[Workspace, str]) -> None:
    workspace, _ = crawled
    again = beside(workspace, "again.db")
    done = rebuild(workspace, again, reader_of)
    assert done.notices == []
    live, made = canonical(workspace), canonical(again)
    for table in live:
        assert made[table] == live[table], table
