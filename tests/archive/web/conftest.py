"""One small archive behind the viewer: an edited page, a gone one, a moved one, and pages that try to act."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from archive import database, query, workspace
from archive.ingest import decide
from archive.records import Aside, RelatedLink
from archive.web import create_app
from archive.workspace import Workspace
from tests.archive.story import BODY, HOME, OTHER_BODY, Portal, answer, article
from tests.conftest import new_database

# What runs where it is not escaped: in text, in an attribute, in an address, in JSON inside HTML, in a style.
VECTORS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "'><svg onload=alert(3)>",
    "</title><script>alert(4)</script>",
    "</script><script>alert(5)</script>",
    "{{ 7*7 }}${7*7}<!--",
    "\u202etxt.exe\x1b]0;owned\x07",
    "=cmd|' /C calc'!A0",
)
ACTING = "\n\n".join(VECTORS)
ALIVE = (
    b"<html><head><base href='https://elsewhere.example/'><meta http-equiv=refresh content='0;url=https://elsewhere.example/'>"
    b"<script>parent.document.title='owned';alert(6)</script><link rel=stylesheet href=/site.css></head>"
    b"<body onload=alert(7) style=\"background:url('/bg.png')\"><h1>Alive</h1><a href='/news/1' onclick=alert(8)>on</a>"
    b"<a href='javascript:alert(9)'>run</a><img src=/logo.png srcset='/logo.png 1x, /big.png 2x'>"
    b"<form action=https://elsewhere.example/ ><input name=q></form><iframe src='https://elsewhere.example/'></iframe>"
    b"<svg><a xlink:href='javascript:alert(10)'><text>x</text></a></svg></body></html>"
)


@pytest.fixture(scope="session")
def kept_on_sqlite(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Workspace:
    """The archive on SQLite, for what takes a browser."""
    made = workspace.create(tmp_path_factory.mktemp("viewed"))
    shutil.copy(migrated_file, made.root / "archive.db")
    return _told(made)


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The archive on each of the two databases, made once; nothing here writes to it."""
    if request.param == "sqlite":
        yield request.getfixturevalue("kept_on_sqlite")
        return
    root = workspace.create(tmp_path_factory.mktemp("viewed")).root
    with new_database(request.getfixturevalue("postgresql"), request.getfixturevalue("migrated")) as url:
        (root / workspace.FILE).write_text(f'[archive]\ndatabase = "{url}"\n', encoding="utf-8")
        yield _told(workspace.open_at(root))


def _told(made: Workspace) -> Workspace:
    """The story of its portal, told through the one write path."""
    portal = Portal(made)
    links = (
        RelatedLink("foreign_press", "https://paper.example/a", "States agree", "The Paper", "2026-03-01", "en"),
        RelatedLink("foreign_press", "javascript:alert(11)", VECTORS[1], VECTORS[0], VECTORS[2], "en"),
        RelatedLink("related", HOME + "/news/3", "Hazelnuts", None, "2026-02-20", "en"),
    )
    edited = article("/news/1", links=links)
    gone = article("/news/3", OTHER_BODY, "Hazelnuts")
    old = article("/news/2", "A bridge over the river was opened.\n\n" + OTHER_BODY[:120], "Bridge opened")
    moved = article("/news/2b", old.articleBody, "Bridge opened")
    acting = article(
        "/news/5?q=%22%3E%3Cscript%3Ealert(12)%3C/script%3E",
        f"First words.\n\n{ACTING}",
        VECTORS[0] + VECTORS[3],
        links=links,
        authors=(VECTORS[1],),
        publisherNote=VECTORS[1],
        description=VECTORS[4],
        inLanguage="en",
        asides=(Aside("related", VECTORS[0], VECTORS[1]),),
        articleSection=VECTORS[7],
    )
    persian = article("/news/6", "متن فارسی\n\nEnglish words.", "خبر", inLanguage="fa")
    portal.begin()
    portal.add(portal.lists("/news", *(HOME + path for path in ("/news/1", "/news/2b", "/news/3", "/news/6"))))
    portal.add(*(portal.shows(text) for text in (edited, old, gone, acting, persian)))
    alive = article("/news/7", "Alive", "Alive")
    portal.add(
        portal.shows(alive, exchanges=(portal.exchange("/news/7", answer(200, ALIVE)),)),
    )
    portal.end()
    portal.later(days=1).begin()
    second = article("/news/1", BODY.replace("47", "46"), "46 member states agree", links=links)
    again = article("/news/5?q=%22%3E%3Cscript%3Ealert(12)%3C/script%3E", f"First.\n\n{ACTING}\n\n{ACTING}", VECTORS[1] + "x")
    portal.add(portal.shows(second), portal.shows(again), portal.missing("/news/3", 410), portal.redirects("/news/2", moved))
    portal.end()
    portal.later(days=1).begin()
    portal.add(portal.missing("/news/3", 410), portal.same(second))
    portal.end("unhealthy")
    with database.session(made, readonly=True) as session:
        ids = {row["url"].removeprefix(HOME): row["page"] for row in query.pages(session)}
    decide(made, "star", ids["/news/1"], reason="the minister's promise")
    decide(made, "note", ids["/news/1"], reason=VECTORS[0])
    decide(made, "mute", "example-az: body:views #", reason="a counter")
    return made


@pytest.fixture(scope="session")
def pages(kept: Workspace) -> dict[str, str]:
    """The ids of its pages by path."""
    with database.session(kept, readonly=True) as session:
        return {row["url"].removeprefix(HOME).partition("?")[0]: row["page"] for row in query.pages(session)}


@pytest.fixture
def viewer(kept: Workspace) -> TestClient:
    """A client of the viewer that follows no redirect."""
    return TestClient(create_app(kept), base_url="http://127.0.0.1:8001", follow_redirects=False)
