"""The viewer in a real browser: no page complains, none is wider than the screen, and nothing archived ever runs."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive import workspace
from archive.records import Visit
from archive.web.server import Viewer
from archive.workspace import Workspace
from tests.archive.story import HOME, Portal, answer, article
from tests.archive.web.chromium import BINARY, Chromium
from tests.archive.web.conftest import VECTORS

PICTURE = base64.b64decode(  # a PNG of 2 x 1 pixels
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR4nGM4YWQERAAJZwJZFulSSQAAAABJRU5ErkJggg=="
)
pytestmark = [pytest.mark.browser, pytest.mark.skipif(BINARY is None, reason="no Chromium on this machine")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with Chromium() as started:
        yield started


@pytest.fixture(scope="session")
def kept(kept_on_sqlite: Workspace) -> Workspace:
    return kept_on_sqlite


@pytest.fixture(scope="module")
def site(kept: Workspace) -> Iterator[str]:
    with Viewer(kept) as viewer:
        yield viewer.url.rstrip("/")


def _kinds(pages: dict[str, str]) -> list[str]:
    edited, acting = pages["/news/1"], pages["/news/5"]
    return [
        "/",
        "/portals/example-az",
        f"/pages/{edited}",
        f"/pages/{acting}",
        f"/pages/{acting}@1",
        f"/pages/{pages['/news/6']}",
        f"/pages/{pages['/news/3']}",
        f"/pages/{edited}/log",
        f"/pages/{edited}/diff/1..2",
        *(f"/pages/{acting}/diff/1..2?view={view}" for view in ("inline", "side", "removed", "links", "meta", "raw")),
        "/search?q=script",
        "/search?q=%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
        "/changes",
        "/changes?patch=1",
        "/search?q=script&lang=%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&status=live",
        "/gone",
        f"/pages/{edited}/evidence",
        f"/pages/{acting}/evidence",
        "/?since=2026-03-01",
        "/decided",
        "/runs",
        "/stats",
        "/portals/example-az/at/2026-03-01",
        "/-/about",
        f"/web/2026/{HOME}/news/1",
    ]


@pytest.mark.parametrize("width", [360, 1280])
def test_no_kind_of_page_complains_or_is_wider_than_the_screen(
    browser: Chromium, site: str, pages: dict[str, str], width: int
) -> None:
    for path in _kinds(pages):
        assert browser.open(site + path, width=width, dark=width == 360) == [], path
        assert browser.ask("document.documentElement.scrollWidth - window.innerWidth") <= 0, path
        assert browser.ask("document.querySelectorAll('main h1').length") == 1, path


def test_words_of_a_page_are_shown_and_never_run(browser: Chromium, site: str, pages: dict[str, str]) -> None:
    browser.open(f"{site}/pages/{pages['/news/5']}@1")
    shown = browser.ask("document.querySelector('main').innerText")
    assert all(vector in shown for vector in VECTORS[:6])
    assert browser.ask("document.querySelectorAll('main script, main img, main [onerror], main svg').length") == 0
    assert browser.ask("[...document.links].filter(link => !/^https?:$/.test(link.protocol)).length") == 0


def test_a_replayed_page_runs_nothing_and_asks_nobody_else(browser: Chromium, site: str) -> None:
    complaints = browser.open(f"{site}/web/2026/{HOME}/news/7")
    assert not [told for told in complaints if "Dialog" in told or ("elsewhere" in told and "/web/" not in told)]
    assert browser.ask("document.title").startswith("Capture of")
    assert "Not the live page" in browser.ask("document.body.innerText")
    inner = browser.ask("document.querySelector('iframe').src")
    complaints = browser.open(inner)  # also when the frame's address is opened by itself
    assert not [told for told in complaints if "Dialog" in told or ("elsewhere" in told and "/web/" not in told)]
    assert browser.ask("document.querySelector('h1').innerText") == "Alive"
    assert browser.ask("document.querySelectorAll('script, iframe, [onload], [onclick], meta[http-equiv]').length") == 0
    assert browser.ask("document.querySelector('a').href").startswith(f"{site}/web/")


def test_the_bytes_as_served_run_nothing_when_they_are_opened(browser: Chromium, site: str) -> None:
    inner = browser.ask("1") and f"{site}/web/20260301080003id_/{HOME}/news/7"
    complaints = browser.open(inner)
    assert not [told for told in complaints if "Dialog" in told]
    assert browser.ask("document.title") != "owned"


def test_a_replayed_page_shows_its_pictures_and_looks_as_it_did(browser: Chromium, tmp_path: Path, migrated_file: Path) -> None:
    page, made = "/news/1", workspace.create(tmp_path / "archive")
    shutil.copy(migrated_file, made.root / "archive.db")
    portal = Portal(made)
    body = b"<link rel=stylesheet href=/site.css><h1>Bridge</h1><p>The bridge was opened.</p><img src=/bridge.png>"
    looked = replace(portal.shows(article(page)), exchanges=(portal.exchange(page, answer(200, body)),))
    kept = {"/site.css": ("text/css", b"h1 { color: rgb(1, 2, 3) }"), "/bridge.png": ("image/png", PICTURE)}
    files = [
        Visit(HOME + path, "image", portal.at, "content", (portal.exchange(path, answer(200, data, {"Content-Type": media})),))
        for path, (media, data) in kept.items()
    ]
    portal.add(looked, *files)
    portal.end()
    with Viewer(made) as viewer:
        assert browser.open(f"{viewer.url}web/2026/{HOME}{page}") == []
        inner = "document.querySelector('iframe').contentDocument"
        assert browser.ask(f"{inner}.images[0].naturalWidth") == 2
        assert browser.ask(f"getComputedStyle({inner}.querySelector('h1')).color") == "rgb(1, 2, 3)"
        assert browser.ask(f"{inner}.body.contains({inner}.querySelector('base'))") is False
