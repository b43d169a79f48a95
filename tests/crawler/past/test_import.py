"""Foreign WARC and WACZ files come in through the same ingest, and the history reads as one timeline."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from archive.cli.front import FrontDoor
from archive.errors import UsageError
from archive.imports import open_container, open_foreign
from archive.records import Exchange
from archive.verify import verify
from archive.warc import WarcWriter
from archive.workspace import Workspace, create, open_at
from tests.archive.rows import canonical
from tests.crawler.small_portal import WORDS, page
from tests.site.raw import reply, serve

HOME = "http://gov.example"
OLD = datetime(2018, 11, 26, 8, tzinfo=UTC)


def told(workspace: Workspace, *words: str, code: int = 0) -> Any:
    result = CliRunner().invoke(FrontDoor(), ["-C", str(workspace.root), *words, "--json"])
    assert result.exit_code == code, result.output + str(result.exception)
    return json.loads(result.stdout)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = create(tmp_path / "archive")
    portal(workspace, HOME)
    return workspace


def portal(workspace: Workspace, home: str) -> None:
    (workspace.portals / "gov.toml").write_text(
        f'schema = 1\n[portal]\nid = "gov"\nname = "Gov"\nhome = "{home}/"\nlanguages = ["en"]\n'
        "[[section]]\nname = 'News'\nurl = '/en/news/'\n[articles]\nurl = '^/en/news/\\d+$'\n"
    )


def article(number: int, words: str = "") -> bytes:
    body = f"<p>Number {number}. {WORDS}{words}</p><p>{WORDS} It concerns district {number}.</p>"
    return page(f"Statement number {number} of the ministry", body).encode()


def exchange(path: str, at: datetime, body: bytes = b"", status: int = 200, **headers: str) -> Exchange:
    lines = [f"HTTP/1.1 {status} OK", "Content-Type: text/html; charset=utf-8"]
    lines += [f"{name}: {value}" for name, value in headers.items()] + [f"Content-Length: {len(body)}"]
    return Exchange(HOME + path, at, f"GET {path} HTTP/1.1\r\n\r\n".encode(), "\r\n".join(lines).encode() + b"\r\n\r\n" + body)


def warc_of(folder: Path, *exchanges: Exchange) -> Path:
    writer = WarcWriter(folder, prefix="foreign")
    writer.begin_run({"software": "another crawler"})
    for item in exchanges:
        writer.write_exchange(item)
    (file,) = writer.close()
    return folder / file.name


def test_a_history_of_captures_comes_in_as_versions_with_their_own_times(workspace: Workspace, tmp_path: Path) -> None:
    path = warc_of(
        tmp_path,
        exchange("/en/news/1", OLD + timedelta(days=2), article(1, "It was 47.")),
        exchange("/en/news/1", OLD, article(1, "It was 46.")),  # files need not be in order
        exchange("/en/news/2", OLD, article(2)),
        exchange("/en/news/2", OLD + timedelta(days=3), b"", 404),
        exchange("/style.css", OLD, b"body {}", 200),
    )
    (done,) = told(workspace, "import", str(path))
    assert (done["portal"], done["visits"], done["reordered"]) == ("gov", 4, False)
    log = told(workspace, "log", f"{HOME}/en/news/1")
    assert [row["kind"] for row in log] == ["new", "edited"]
    assert log[0]["seen_at"].startswith("2018-11-26T08:00")
    assert told(workspace, "gone")[0]["url"] == f"{HOME}/en/news/2"
    assert verify(workspace).problems == []


def test_the_same_files_a_second_time_bring_nothing_new(workspace: Workspace, tmp_path: Path) -> None:
    path = warc_of(tmp_path, exchange("/en/news/1", OLD, article(1)))
    told(workspace, "import", str(path))
    (done,) = told(workspace, "import", str(path))
    assert done["captures"] == 0


def test_older_captures_go_before_what_is_there_already(store: Workspace, tmp_path: Path) -> None:
    workspace = store
    portal(workspace, HOME)
    young = warc_of(tmp_path / "young", exchange("/en/news/1", OLD + timedelta(days=9), article(1, "It was 48.")))
    old = warc_of(
        tmp_path / "old",
        exchange("/en/news/1", OLD, article(1, "It was 46.")),
        exchange("/en/news/1", OLD + timedelta(days=20), article(1, "It was 49.")),
    )
    told(workspace, "import", str(young))
    (done,) = told(workspace, "import", str(old))
    assert done["reordered"] is True
    log = told(workspace, "log", f"{HOME}/en/news/1")
    assert [row["seen_at"][:10] for row in log] == ["2018-11-26", "2018-12-05", "2018-12-16"]
    assert [row["kind"] for row in log] == ["new", "edited", "edited"]
    assert verify(workspace).problems == []


@pytest.mark.postgresql
def test_an_archive_moves_to_an_empty_postgresql_database(
    workspace: Workspace, tmp_path: Path, postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(workspace, "import", str(warc_of(tmp_path, exchange("/en/news/1", OLD, article(1, "It was 46.")))))
    before = canonical(workspace)
    admin = create_engine(postgresql, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE moved_to"))
    admin.dispose()
    monkeypatch.setenv("ONRECORD_DATABASE_URL", postgresql.replace("/postgres?", "/moved_to?"))
    assert told(workspace, "rebuild")["captures"] == 1
    assert len(told(workspace, "log", f"{HOME}/en/news/1")) == 1
    assert canonical(open_at(workspace.root)) == before
    assert verify(open_at(workspace.root)).problems == []


def test_a_redirect_and_its_target_are_one_visit(workspace: Workspace, tmp_path: Path) -> None:
    path = warc_of(
        tmp_path,
        exchange("/en/news/1", OLD, b"", 301, Location="/en/news/7"),
        exchange("/en/news/7", OLD + timedelta(seconds=1), article(7)),
    )
    (done,) = told(workspace, "import", str(path))
    assert (done["visits"], done["captures"]) == (1, 2)


def test_captures_made_by_wget_come_in(workspace: Workspace, tmp_path: Path) -> None:
    if shutil.which("wget") is None:
        pytest.skip("wget is not installed")
    listing = b"<a href='/en/news/1'>one</a> <a href='/en/news/2'>two</a>"
    with serve(
        {
            "/en/news/": reply(200, listing, "Content-Type: text/html"),
            "/en/news/1": reply(200, article(1), "Content-Type: text/html; charset=utf-8"),
            "/en/news/2": reply(200, article(2), "Content-Type: text/html; charset=utf-8"),
        }
    ) as server:
        portal(workspace, server.url("").rstrip("/"))
        subprocess.run(
            [
                "wget",
                "-q",
                "-r",
                "-l1",
                "--warc-file",
                tmp_path / "made-by-wget",
                "-P",
                tmp_path / "mirror",
                server.url("/en/news/"),
            ],
            check=False,
        )
        (done,) = told(workspace, "import", str(tmp_path / "made-by-wget.warc.gz"))
        assert {row["url"] for row in told(workspace, "list")} == {server.url("/en/news/1"), server.url("/en/news/2")}
    assert done["captures"] >= 3
    assert verify(workspace).problems == []


def test_what_one_archive_exports_another_takes_in(workspace: Workspace, tmp_path: Path) -> None:
    from sqlalchemy import select

    from archive import wacz
    from archive.database import open_engine
    from archive.models import Base

    twice = exchange("/en/news/1", OLD + timedelta(days=1), article(1))
    told(workspace, "import", str(warc_of(tmp_path, exchange("/en/news/1", OLD, article(1)), twice)))
    with open_engine(workspace, readonly=True).connect() as connection:
        numbers = list(connection.scalars(select(Base.metadata.tables["capture"].c.id)))
        wacz.export_wacz(workspace, connection, numbers, tmp_path / "out.wacz", title="all")
    other = create(tmp_path / "other")
    portal(other, HOME)
    (done,) = told(other, "import", str(tmp_path / "out.wacz"))
    assert done["captures"] == 2  # the revisit with its original
    assert [row["visits"] for row in told(other, "log", f"{HOME}/en/news/1")] == [2]


def test_a_file_that_is_cut_off_gives_what_is_whole(workspace: Workspace, tmp_path: Path) -> None:
    path = warc_of(tmp_path, *(exchange(f"/en/news/{n}", OLD + timedelta(hours=n), article(n)) for n in range(1, 6)))
    path.write_bytes(path.read_bytes()[:-700])
    (done,) = told(workspace, "import", str(path))
    assert done["captures"] in (4, 5)


def test_files_of_no_known_portal_are_refused_with_a_hint(workspace: Workspace, tmp_path: Path) -> None:
    stranger = Exchange("http://elsewhere.example/x", OLD, b"", b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
    result = CliRunner().invoke(FrontDoor(), ["-C", str(workspace.root), "import", str(warc_of(tmp_path, stranger))])
    assert result.exit_code == 3


@pytest.fixture
def package(tmp_path: Path) -> Iterator[tuple[zipfile.ZipFile, Path]]:
    path = tmp_path / "bad.wacz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        yield archive, path


@pytest.mark.parametrize("name", ["../evil.warc.gz", "/etc/evil.warc", "a/../../evil.warc.gz", "c:\\evil.warc", "C:evil.warc"])
def test_names_that_lead_out_of_a_package_are_refused(package: tuple[zipfile.ZipFile, Path], name: str) -> None:
    archive, path = package
    archive.writestr(name, b"x")
    archive.close()
    with pytest.raises(UsageError, match="leads out"), open_container(path):
        pass


def test_links_bombs_and_double_names_in_a_package_are_refused(tmp_path: Path) -> None:
    def pack(*members: tuple[zipfile.ZipInfo, bytes]) -> Path:
        path = tmp_path / f"{time.monotonic_ns()}.wacz"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for info, data in members:
                archive.writestr(info, data, compress_type=zipfile.ZIP_DEFLATED)
        return path

    link = zipfile.ZipInfo("archive/link.warc.gz")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    plain = zipfile.ZipInfo("archive/a.warc.gz")
    for path, words in (
        (pack((link, b"/etc/passwd")), "link"),
        (pack((plain, bytes(64 << 20))), "unpacks"),
        (pack((plain, b"x"), (zipfile.ZipInfo("archive/a.warc.gz"), b"y")), "twice"),
        (pack((zipfile.ZipInfo("pages/pages.jsonl"), b"{}")), "no WARC"),
    ):
        with pytest.raises(UsageError, match=words), open_container(path):
            pass


def test_a_record_larger_than_the_limit_is_cut_and_marked(tmp_path: Path) -> None:
    path = warc_of(tmp_path, exchange("/en/news/1", OLD, b"x" * 100_000))
    with open_foreign([path], limit=10_000) as foreign:
        ((_, found),) = foreign.exchanges()
    assert found.truncated == "length"
    assert len(found.response) == 10_000
