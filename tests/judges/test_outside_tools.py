"""An archive of a real crawl before judges that know nothing of us: warcio, FastWARC, gzip, cdxj-indexer, pywb, wacz."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from archive import memento, wacz
from archive.cdxj import Index, parse
from archive.coding import decode
from archive.database import open_engine, session
from archive.models import Base
from archive.rebuild import rebuild
from archive.rebuild.swap import beside
from archive.verify import verify
from archive.workspace import Workspace, open_at
from crawler.rereading import reader_of
from tests.archive.rows import canonical
from tests.archive.web.chromium import BINARY, Chromium
from tests.judges.archives import digital_canada, small
from tests.judges.pywb import wayback
from tests.judges.replayweb import served, shown

pytestmark = pytest.mark.xdist_group("demo")
BIN = Path(sys.executable).parent
PER_KIND = 30


@pytest.fixture(scope="module", params=["small", "demo", pytest.param("digital-canada-ca", marks=pytest.mark.long)])
def crawled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    if request.param == "demo":
        return open_at(request.getfixturevalue("demonstrated").root)
    make = small if request.param == "small" else digital_canada
    return make(tmp_path_factory.mktemp("judged"))


def files(workspace: Workspace) -> list[Path]:
    return sorted(workspace.evidence.glob("*.warc.gz"))


def test_verify_finds_nothing_wrong(crawled: Workspace) -> None:
    assert verify(crawled).problems == []


@pytest.mark.parametrize("judge", [["warcio", "check", "-v"], ["fastwarc", "check", "-q"]], ids=["warcio", "fastwarc"])
def test_warc_validators_accept_every_record(crawled: Workspace, judge: list[str]) -> None:
    for path in files(crawled):
        done = subprocess.run([BIN / judge[0], *judge[1:], path], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        assert subprocess.run(["gzip", "-t", path]).returncode == 0


def test_the_index_equals_that_of_cdxj_indexer(crawled: Workspace) -> None:
    command = [BIN / "cdxj-indexer", "-s", *files(crawled)]
    theirs = [parse(text) for text in subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()]
    ours = [parse(text) for text in Index(crawled.evidence).lines()]

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


def sample(workspace: Workspace) -> list[memento.Memento]:
    """Some captures of every kind and status, drawn with a seed. Of two in one second, which have one address in every web
    archive, none is taken."""
    with session(workspace, readonly=True) as record:
        home = record.scalars(select(Base.metadata.tables["portal"].c.home)).one()
        every = [item for item in memento.mementos(record, home, match="prefix") if not item.url.endswith("/robots.txt")]
    named = Counter((item.urlkey, item.stamp) for item in every)
    kinds: dict[tuple[str, int], list[memento.Memento]] = {}
    for item in every:
        if named[item.urlkey, item.stamp] > 1:
            continue
        kinds.setdefault((item.record, item.status), []).append(item)
    drawn = random.Random(20261124)
    return [item for kind in sorted(kinds) for item in drawn.sample(kinds[kind], min(PER_KIND, len(kinds[kind])))]


def test_pywb_replays_captures_of_every_kind_and_answers_timemaps(
    request: pytest.FixtureRequest, crawled: Workspace, tmp_path: Path
) -> None:
    chosen = sample(crawled)
    assert {item.record for item in chosen} == {"response", "revisit"}
    statuses = {item.status for item in chosen}
    assert {200, 304, 404} <= statuses
    assert 301 in statuses or "digital-canada-ca" in request.node.name  # whose server redirects nowhere
    with wayback(files(crawled), tmp_path) as collection, session(crawled, readonly=True) as record:
        for item in chosen:
            status, body, headers = get(f"{collection}/{item.stamp}id_/{item.url}")
            message, entity = memento.answer(record, crawled, item)
            assert status == message.status, (item, status)
            if status == 200:
                assert body == decode(entity, [message.header("Content-Encoding") or ""], 1 << 25).body, item
            elif status == 301:
                assert message.header("Location") in (headers["Location"], headers.get("X-Archive-Orig-Location")), item
        for page in sorted({item.url for item in chosen})[:10]:
            expected = [item.stamp for item in memento.mementos(record, page)]
            _, cdx, _ = get(f"{collection}/cdx?url={quote(page, safe='')}&output=json")
            assert [json.loads(line)["timestamp"] for line in cdx.splitlines()] == expected
            status, timemap, _ = get(f"{collection}/timemap/link/{page}")
            assert status == 200
            assert timemap.decode().count("; datetime=") == len(expected) > 0


def test_the_judge_of_wacz_files_accepts_the_export(crawled: Workspace, tmp_path: Path) -> None:
    workspace = crawled
    with open_engine(workspace, readonly=True).connect() as connection:
        numbers = list(connection.scalars(select(Base.metadata.tables["capture"].c.id)))
        wacz.export_wacz(workspace, connection, numbers, tmp_path / "out.wacz", title="all")
    done = subprocess.run([BIN / "wacz", "validate", "-f", tmp_path / "out.wacz"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.browser
@pytest.mark.skipif(BINARY is None, reason="no Chromium on this machine")
def test_replayweb_opens_the_export(crawled: Workspace, tmp_path: Path) -> None:
    with open_engine(crawled, readonly=True).connect() as connection:
        numbers = list(connection.scalars(select(Base.metadata.tables["capture"].c.id)))
        wacz.export_wacz(crawled, connection, numbers, tmp_path / "out.wacz", title="all")
        pages = [item for item in wacz.pages_of(connection, wacz.choose(connection, numbers)) if item.title and item.text]
    chosen = random.Random(20261124).sample([item for item in pages if not item.url.endswith((".pdf", ".docx"))], 3)
    with served(tmp_path / "out.wacz") as site, Chromium() as browser:
        for item in chosen:
            assert item.title is not None
            assert item.title in shown(browser, site, item.url, f"{item.at:%Y%m%d%H%M%S}", item.title), item


def test_the_rebuilt_record_of_a_real_crawl_equals_the_live_one(crawled: Workspace) -> None:
    workspace = crawled
    again = beside(workspace, "again.db")
    done = rebuild(workspace, again, reader_of)
    assert done.notices == []
    live, made = canonical(workspace), canonical(again)
    for table in live:
        assert made[table] == live[table], table
