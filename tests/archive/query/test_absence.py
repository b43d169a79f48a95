"""What shows that a page is gone is its own address's answer; what a 304 stands for is the body that it confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from archive import database, memento, query
from archive.cli.front import onrecord
from archive.ledger import prove, standalone
from archive.records import Visit
from archive.web import create_app
from archive.workspace import FILE, Workspace
from tests.archive.story import HOME, OTHER_BODY, Portal, answer, article, html

BACK, HOMEWARD, SOFT = (
    article("/news/1"),
    article("/news/2", OTHER_BODY, "Hazelnuts"),
    article("/news/3", "Third.\n\n" * 9, "Third"),
)
SORRY = b"<h1>This page does not exist</h1>"


def sent_home(portal: Portal) -> Visit:
    hops = (
        portal.exchange("/news/2", answer(301, headers={"Location": f"{HOME}/news/2/"})),
        portal.exchange("/news/2", answer(302, headers={"Location": f"{HOME}/"})),
        portal.exchange("/", answer(200, b"<h1>Home</h1>")),
    )
    return Visit(HOMEWARD.url, "article", portal.at, "redirect_home", hops, final_url=f"{HOME}/")


def no_such_page(portal: Portal, path: str) -> Visit:
    return Visit(HOME + path, "article", portal.at, "soft404", (portal.exchange(path, answer(200, SORRY)),))


@pytest.fixture(scope="module")
def workspace(module_store: Workspace) -> Workspace:
    if url := module_store.settings.archive.database:  # commands find the database by the archive's file
        (module_store.root / FILE).write_text(f'[archive]\ndatabase = "{url}"\n', encoding="utf-8")
    portal = Portal(module_store)
    portal.begin()
    portal.add(*(portal.shows(text, headers={"ETag": f'"{text.headline}"'}) for text in (BACK, HOMEWARD, SOFT)))
    for _ in range(2):
        portal.later(days=1)
        portal.add(no_such_page(portal, "/news/1"), sent_home(portal), no_such_page(portal, "/news/3"))
    portal.later(days=1)
    not_modified = portal.exchange("/news/1", answer(304))
    again = replace(portal.same(BACK), exchanges=(not_modified,), outcome="not_modified", basis="not_modified")
    portal.add(again)
    portal.end()
    return module_store


@pytest.fixture
def session(workspace: Workspace) -> Iterator[Session]:
    with database.session(workspace, readonly=True) as opened:
        yield opened


@pytest.fixture
def viewer(workspace: Workspace) -> TestClient:
    return TestClient(create_app(workspace), base_url="http://127.0.0.1:8001", follow_redirects=False)


def page(session: Session, url: str) -> str:
    return query.page(session, url)["page"]


def call(workspace: Workspace, *words: str) -> str:
    result = CliRunner().invoke(onrecord, ["-C", str(workspace.root), *words], prog_name="onrecord")
    assert result.exit_code == 0, result.output
    return result.output


def test_a_page_sent_home_is_proved_by_its_own_answer(session: Session, workspace: Workspace, tmp_path: Path) -> None:
    version = query.resolve(session, page(session, HOMEWARD.url) + "@2").last
    assert version is not None
    proof = prove(workspace, session.connection(), version["capture_id"])
    assert proof["url"] == HOMEWARD.url
    assert standalone.check(proof)["url"] == HOMEWARD.url
    gone = query.absence(session, HOMEWARD.url)
    assert gone is not None
    assert (gone["answer"], gone["visits"]) == (f"302 to {HOME}/", 2)  # not the 301 to another spelling
    call(workspace, "prove", page(session, HOMEWARD.url) + "@2", "-o", str(tmp_path / "proof.json"))
    assert HOMEWARD.url in (tmp_path / "proof.json").read_text()


def test_what_is_not_gone_has_no_absence_and_what_came_back_had_one(session: Session) -> None:
    assert query.absence(session, BACK.url) is None
    gone = query.absence(session, page(session, BACK.url) + "@2")
    assert gone is not None and "soft 404" in gone["answer"]


def test_a_304_stands_for_the_body_that_it_confirmed(session: Session, workspace: Workspace) -> None:
    ref = page(session, BACK.url)
    first, third = (query.show(session, f"{ref}@{n}")["evidence"] for n in (1, 3))
    assert third["status"] == 304
    assert (third["sha256"], third["body_captured_at"]) == (first["sha256"], first["captured_at"])
    assert first["body_captured_at"] == first["captured_at"] < third["captured_at"]
    sides = query.diff(session, ref, "1..3")
    assert sides["from"]["sha256"] == sides["to"]["sha256"] == first["sha256"]
    texts = {(row["page"], row["version"]): row["evidence"] for row in query.texts(session, every=True)}
    assert texts[ref, 3] == third
    assert query.answer(session, workspace, f"{ref}@3").entity == html(BACK)
    found = list(memento.mementos(session, BACK.url))[-1]
    assert found.status == 304
    assert memento.answer(session, workspace, found)[1] == html(BACK)  # and not the page that says it does not exist
    for style in ("apa", "bibtex", "bluebook", "csl-json"):
        told = call(workspace, "cite", f"{ref}@3", "--style", style, "--format", "table")
        assert first["sha256"] in told and "None" not in told


def test_a_comparison_says_which_side_is_no_text(session: Session, workspace: Workspace) -> None:
    ref = page(session, HOMEWARD.url)
    (side,) = query.diff(session, ref, "1..2")["absent"]
    assert (side["side"], side["n"], side["last_good"]) == ("to", 2, f"{ref}@1")
    told = call(workspace, "diff", ref, "1..2", "--format", "table")
    assert f"@2 is no text: the page answered 302 to {HOME}/ from" in " ".join(told.split())
    assert "the same bytes" not in told
    result = CliRunner().invoke(onrecord, ["-C", str(workspace.root), "diff", ref, "1..2", "--exit-code"])
    assert result.exit_code == 6


def test_show_and_cite_of_a_gone_version_say_what_they_give_instead(session: Session, workspace: Workspace) -> None:
    ref = page(session, SOFT.url)
    told = call(workspace, "show", f"{ref}@2", "--format", "table")
    assert "@2 is no text: the page answered 200 with words" in told
    assert "what follows is @1" in told
    assert "what is cited is @1" in call(workspace, "cite", f"{ref}@2")


def test_the_viewer_shows_what_a_gone_page_answered(session: Session, viewer: TestClient) -> None:
    ref = page(session, HOMEWARD.url)
    text = viewer.get(f"/pages/{ref}").text
    assert f"answered <b>302 to {HOME}/</b>" in text and "in 2 visits" in text
    gone = viewer.get(f"/pages/{ref}.json").json()["gone"]
    stamp = text.split('<a href="/web/')[1].split("/")[0]
    assert viewer.get(f"/web/{stamp}if_/{HOMEWARD.url}").status_code == 200
    told = viewer.get(f"/pages/{ref}@2/evidence.json").json()
    assert (told["version"], told["answer"], told["record_sha256"]) == (2, gone["answer"], gone["evidence"]["record_sha256"])
    assert told["ledger"]["index"] is not None
    sheet = viewer.get(f"/pages/{ref}@2/evidence").text
    assert "None" not in sheet and f"/pages/{ref}@1/evidence" in sheet
    compared = viewer.get(f"/pages/{ref}/diff/1..2").text
    assert "@2 is no text: the page answered 302" in compared
    assert "The same bytes" not in compared


def test_the_viewer_shows_what_a_304_confirmed(session: Session, viewer: TestClient) -> None:
    ref = page(session, BACK.url)
    sheet, article_page = viewer.get(f"/pages/{ref}/evidence").text, viewer.get(f"/pages/{ref}").text
    for text in (sheet, article_page):
        assert "not modified (304): the server confirmed the body captured at" in text
        assert "None" not in text
    assert "another text was seen" not in sheet
    assert "Cite this version" in article_page
    assert "None" not in viewer.get(f"/pages/{ref}/diff/1..3").text
