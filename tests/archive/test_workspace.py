from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import text

from archive import database, workspace
from archive.errors import Busy, NotFound, OnrecordError


def test_an_archive_is_made_and_then_kept(tmp_path: Path) -> None:
    made = workspace.create(tmp_path / "deep" / "archive")
    settings = made.root / workspace.FILE
    settings.write_text("[crawl]\nworkers = 1\n")
    again = workspace.create(made.root)
    assert settings.read_text() == "[crawl]\nworkers = 1\n"
    assert again.settings.crawl.workers == 1
    assert made.evidence.is_dir()
    assert made.portals.is_dir()


def test_the_settings_file_that_is_made_is_valid_and_says_nothing_new(tmp_path: Path) -> None:
    from archive.settings import Settings

    assert workspace.create(tmp_path).settings == Settings()


def test_the_nearest_archive_above_is_found(tmp_path: Path) -> None:
    outer = workspace.create(tmp_path)
    inner = workspace.create(tmp_path / "a" / "b")
    assert workspace.find(tmp_path / "a" / "b" / "portals").root == inner.root
    assert workspace.find(tmp_path / "a").root == outer.root


def test_the_variable_names_an_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = workspace.create(tmp_path / "named")
    monkeypatch.setenv("ONRECORD_ARCHIVE", str(made.root))
    monkeypatch.chdir(tmp_path)
    assert workspace.find().root == made.root


def test_no_archive_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        workspace.open_at(tmp_path)
    assert caught.value.hint == f"onrecord init {tmp_path}"
    assert caught.value.code == "archive.missing"


@pytest.mark.parametrize("name", ["plain", "with space", "q?mark", "hash#tag", "per%20cent", "ünïcödé", "a&b=c", "semi;colon"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    made = workspace.create(tmp_path / name)
    database.upgrade(made)
    with database.session(made, readonly=True) as session:
        assert session.execute(text("select count(*) from portal")).scalar() == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [name]
    assert (made.root / "archive.db").exists()


def test_a_lock_keeps_others_out_and_names_its_holder(tmp_path: Path) -> None:
    made = workspace.create(tmp_path)
    with made.lock("crawl-a", "a is being crawled"):
        with (
            pytest.raises(Busy, match=rf"a is being crawled \(pid {os.getpid()}\)"),
            made.lock("crawl-a", "a is being crawled"),
        ):
            pass
        with made.lock("crawl-b", "busy"):
            pass
    with made.lock("crawl-a", "a is being crawled"):
        pass


@pytest.mark.parametrize("name", ["../out", "/etc/passwd", "a/b"])
def test_a_lock_never_leaves_the_archive(tmp_path: Path, name: str) -> None:
    made = workspace.create(tmp_path / "archive")
    with pytest.raises(OnrecordError), made.lock(name, "busy"):
        pass
    assert not (tmp_path / "out.lock").exists()


def test_a_postgresql_url_gets_its_driver(tmp_path: Path) -> None:
    (tmp_path / workspace.FILE).write_text("[archive]\ndatabase = 'postgresql://me@host/name'\n")
    assert workspace.open_at(tmp_path).database_url == "postgresql+psycopg://me@host/name"
