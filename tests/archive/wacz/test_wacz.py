"""Selections go out as WARC and WACZ that other tools open, and hold nothing that is nobody's business."""

from __future__ import annotations

import gzip
import hashlib
import json
import struct
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from archive import wacz
from archive.cdxj import parse
from archive.database import open_engine, session
from archive.models import Base
from archive.warc import iter_records
from archive.workspace import Workspace, create
from tests.archive.story import OTHER_BODY, Portal, answer, article, html

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = create(tmp_path_factory.mktemp("wacz") / "archive")
    portal = Portal(workspace)
    texts = [article(f"/news/{n}", headline=f"Report {n}") for n in range(4)]
    portal.begin()
    cookie = portal.shows(texts[3])
    secret = portal.exchange("/news/3", answer(200, html(texts[3])))
    secret = replace(secret, request=b"GET /news/3 HTTP/1.1\r\nHost: x\r\nCookie: lang=az; session=secret\r\n\r\n")
    portal.add(*(portal.shows(text) for text in texts[:3]), replace(cookie, exchanges=(secret,)))
    portal.later(days=1)
    portal.add(portal.same(texts[0]), portal.shows(article("/news/1", OTHER_BODY)), portal.missing("/news/2"))
    portal.end()
    return workspace


def captures(workspace: Workspace) -> list[int]:
    capture = Base.metadata.tables["capture"]
    with open_engine(workspace, readonly=True).connect() as connection:
        return list(connection.scalars(select(capture.c.id).order_by(capture.c.id)))


def test_a_selection_is_a_warc_of_unchanged_records(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "out.warc.gz"
    with open_engine(workspace, readonly=True).connect() as connection:
        count = wacz.export_warc(workspace, connection, captures(workspace), path, title="all")
    found = list(iter_records(path))
    assert len(found) == count == 1 + 7 * 2 - 1  # a request that carried a cookie stays behind
    kept = {record.uri: record.block for file in workspace.evidence.glob("*.gz") for record in iter_records(file)}
    assert all(kept[record.uri] == record.block for record in found[1:])
    assert b"secret" not in gzip.decompress(path.read_bytes())
    assert subprocess.run([BIN / "warcio", "check", path]).returncode == 0


def test_a_revisit_brings_its_original_along(workspace: Workspace, tmp_path: Path) -> None:
    capture = Base.metadata.tables["capture"]
    with open_engine(workspace, readonly=True).connect() as connection:
        revisit = connection.scalar(select(capture.c.id).where(capture.c.record == "revisit"))
        chosen = wacz.choose(connection, [revisit])
    assert len(chosen) == 2
    assert chosen[0].url == chosen[1].url


def test_a_wacz_has_pages_text_index_and_true_digests(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "out.wacz"
    with open_engine(workspace, readonly=True).connect() as connection:
        wacz.export_wacz(workspace, connection, captures(workspace), path, title="Example – all")
    with zipfile.ZipFile(path) as package:
        data = json.loads(package.read("datapackage.json"))
        assert (data["profile"], data["wacz_version"]) == ("data-package", "1.1.1")
        for item in data["resources"]:
            body = package.read(item["path"])
            assert item["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
            assert item["bytes"] == len(body)
        said = json.loads(package.read("datapackage-digest.json"))
        assert said["hash"] == f"sha256:{hashlib.sha256(package.read('datapackage.json')).hexdigest()}"
        pages = [json.loads(line) for line in package.read("pages/pages.jsonl").splitlines()]
        assert pages[0]["format"] == "json-pages-1.0"
        assert {page["title"] for page in pages[1:]} >= {"Report 0", "Report 1", "47 member states agree"}
        assert all(page["url"] and page["ts"] for page in pages[1:])
        assert "47 member states" in pages[1]["text"]
        assert package.getinfo("archive/data.warc.gz").compress_type == zipfile.ZIP_STORED
        warc = package.read("archive/data.warc.gz")
        lines = gzip.decompress(package.read("indexes/index.cdx.gz")).decode().splitlines()
        assert lines == sorted(lines)
        for text in lines:
            fields = parse(text).fields
            start = int(fields["offset"])
            assert fields["url"].encode() in gzip.decompress(warc[start : start + int(fields["length"])])
        index = package.read("indexes/index.idx").decode().splitlines()
        assert index[0].startswith("!meta 0 ")
        assert all("cookie" not in name.lower() for name in package.namelist())
        assert b"secret" not in b"".join(package.read(name) for name in package.namelist())


def test_the_judge_of_wacz_files_accepts_it_and_names_a_tampered_one(workspace: Workspace, tmp_path: Path) -> None:
    program = BIN / "wacz"
    if not program.exists():
        pytest.skip("py-wacz is not installed")
    path = tmp_path / "out.wacz"
    with open_engine(workspace, readonly=True).connect() as connection:
        wacz.export_wacz(workspace, connection, captures(workspace), path, title="all")
    done = subprocess.run([program, "validate", "-f", path], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(tmp_path / "bad.wacz", "w") as bad:
        for name in package.namelist():
            body = package.read(name)
            bad.writestr(name, body.replace(b"Report 0", b"Report 9") if name == "pages/pages.jsonl" else body)
    assert subprocess.run([program, "validate", "-f", tmp_path / "bad.wacz"], capture_output=True).returncode != 0


def test_withheld_captures_stay_at_home(workspace: Workspace, tmp_path: Path) -> None:
    import shutil

    from archive.workspace import open_at

    shutil.copytree(workspace.root, tmp_path / "copy")
    copy = open_at(tmp_path / "copy")
    capture = Base.metadata.tables["capture"]
    with session(copy) as opened:
        opened.execute(update(capture).where(capture.c.status == 404).values(withheld=True))
    with open_engine(copy, readonly=True).connect() as connection:
        assert {item.status for item in wacz.choose(connection, captures(copy))} == {200}


@pytest.mark.parametrize("limit", [zipfile.ZIP64_LIMIT, 1000])
def test_readers_that_trust_the_central_directory_find_every_entry(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    """wabac.js takes an entry's bytes to begin behind its name when the central directory shows no extra field."""
    path = tmp_path / "out.wacz"
    with monkeypatch.context() as patch, open_engine(workspace, readonly=True).connect() as connection:
        patch.setattr(zipfile, "ZIP64_LIMIT", limit)
        wacz.export_wacz(workspace, connection, captures(workspace), path, title="all")
    data = path.read_bytes()
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        assert bool(package.getinfo("archive/data.warc.gz").extra) == (limit == 1000)
        for entry in package.infolist():
            (extra,) = struct.unpack_from("<H", data, entry.header_offset + 28)
            assert extra == 0 or entry.extra, entry.filename
