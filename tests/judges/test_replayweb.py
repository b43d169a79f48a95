"""An exported WACZ opened in ReplayWeb.page, in a real browser, when the portal it is of is gone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from archive import memento, wacz
from archive.database import open_engine, session
from archive.models import Base
from archive.records import Visit
from archive.workspace import Workspace, create
from tests.archive.story import HOME, Portal, answer, article
from tests.archive.web.chromium import BINARY, Chromium
from tests.judges.replayweb import served, shown

pytestmark = [pytest.mark.browser, pytest.mark.skipif(BINARY is None, reason="no Chromium on this machine")]

EDITED = "Report on farming, corrected"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """An edit, a page that did not change, one that is gone, one that moved."""
    workspace = create(tmp_path_factory.mktemp("replayed") / "archive")
    portal = Portal(workspace)
    portal.add(*(portal.shows(article(path, headline=f"Report on {path}")) for path in ("/news/1", "/news/2", "/news/3")))
    portal.end()
    portal.later(days=1).begin()
    unchanged = portal.exchange("/news/1", answer(304))
    portal.add(
        Visit(f"{HOME}/news/1", "article", portal.at, "not_modified", (unchanged,), basis="not_modified"),
        portal.shows(article("/news/2", headline=EDITED)),
        portal.missing("/news/3"),
        portal.redirects("/news/4", article("/news/5", headline="Report from elsewhere")),
    )
    portal.end()
    return workspace


@pytest.fixture(scope="module")
def site(kept: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("wacz") / "out.wacz"
    with open_engine(kept, readonly=True).connect() as connection:
        numbers = list(connection.scalars(select(Base.metadata.tables["capture"].c.id)))
        wacz.export_wacz(kept, connection, numbers, path, title="Small portal")
    with served(path) as base:
        yield base


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with Chromium() as started:
        yield started


CASES = [
    ("/news/2", 200, 0, "Report on /news/2"),
    ("/news/2", 200, -1, EDITED),
    ("/news/1", 304, -1, "Report on /news/1"),
    ("/news/3", 404, -1, "nothing here"),
    ("/news/4", 301, -1, "Report from elsewhere"),
]


@pytest.mark.parametrize(("path", "status", "which", "wanted"), CASES)
def test_replayweb_shows_a_capture_of_an_export(
    kept: Workspace, browser: Chromium, site: str, path: str, status: int, which: int, wanted: str
) -> None:
    with session(kept, readonly=True) as record:
        held = [item for item in memento.mementos(record, f"{HOME}{path}") if item.status == status]
    words = shown(browser, site, f"{HOME}{path}", held[which].stamp, wanted)
    assert wanted in words
    assert (EDITED in words) == (wanted == EDITED)
