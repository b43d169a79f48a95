"""The record speaks Memento and CDX."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from archive import memento
from archive.cdxj import Index
from archive.database import session
from archive.errors import UsageError
from archive.workspace import Workspace, create
from tests.archive.story import HOME, OTHER_BODY, START, Portal, answer, article, html

PAGE = f"{HOME}/news/1"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = create(tmp_path_factory.mktemp("memento") / "archive")
    portal = Portal(workspace)
    first = article("/news/1")
    portal.begin()
    portal.add(portal.shows(first), portal.shows(article("/news/2", OTHER_BODY, "Other")))
    portal.later(days=1)
    portal.add(portal.same(first))
    portal.later(days=1)
    not_modified = portal.exchange("/news/1", answer(304))
    from dataclasses import replace

    portal.add(replace(portal.same(first), exchanges=(not_modified,), outcome="not_modified", basis="not_modified"))
    portal.later(days=1)
    portal.add(portal.missing("/news/1"))
    portal.end()
    return workspace


@pytest.fixture
def record(workspace: Workspace) -> Iterator[Session]:
    with session(workspace, readonly=True) as opened:
        yield opened


def test_the_nearest_capture_is_found_on_either_side(record: Session) -> None:
    found = list(memento.mementos(record, PAGE))
    assert [item.status for item in found] == [200, 200, 304, 404]
    for item in found:
        assert memento.nearest(record, PAGE, item.at + timedelta(hours=2)) == item
        assert memento.nearest(record, PAGE, item.at - timedelta(hours=2)) == item
    assert memento.nearest(record, PAGE, datetime(1999, 1, 1, tzinfo=UTC)) == found[0]
    assert memento.nearest(record, f"{HOME}/nowhere", START) is None
    assert memento.at_stamp(record, PAGE, found[3].stamp) == found[3]


def test_revisits_answer_with_the_bytes_of_their_original(record: Session, workspace: Workspace) -> None:
    found = list(memento.mementos(record, PAGE))
    body = html(article("/news/1"))
    for item in found[:3]:
        message, entity = memento.answer(record, workspace, item)
        assert (message.status, entity) == (200, body)
    assert memento.answer(record, workspace, found[3])[0].status == 404


def test_timegate_and_memento_say_what_rfc_7089_asks_for(record: Session) -> None:
    at = memento.Addresses("https://archive.example/web/")
    found = list(memento.mementos(record, PAGE))
    headers = memento.timegate_headers(at, PAGE, found[1], (found[0], found[-1]))
    assert headers["Location"] == f"https://archive.example/web/{found[1].stamp}/{PAGE}"
    assert headers["Vary"] == "accept-datetime"
    assert f'<{PAGE}>; rel="original"' in headers["Link"]
    assert 'rel="first memento"' in headers["Link"]
    own = memento.memento_headers(at, found[1])
    assert memento.accept_datetime(own["Memento-Datetime"]) == found[1].at.replace(microsecond=0)
    assert 'rel="timegate"' in own["Link"]
    with pytest.raises(ValueError, match="date"):
        memento.accept_datetime("yesterday")


def test_timemaps_list_every_capture_in_three_forms(record: Session, workspace: Workspace) -> None:
    at = memento.Addresses("https://archive.example/web")
    found = list(memento.mementos(record, PAGE))
    link = memento.link_format(at, PAGE, found)
    assert link.count("; datetime=") == 4
    for needed in ('rel="original"', 'rel="self"', 'rel="timegate"', 'from="', 'until="', 'rel="first memento"'):
        assert needed in link
    data = memento.json_timemap(at, PAGE, found)
    assert len(data["mementos"]["list"]) == 4
    assert data["mementos"]["first"]["uri"].endswith(f"{found[0].stamp}/{PAGE}")
    index = [text for text in Index(workspace.evidence).lines() if "/news/1 " in text]
    assert len(memento.cdxj_timemap(found).splitlines()) == len(index) == 4


def test_an_address_cannot_break_out_of_a_link_header(record: Session) -> None:
    at = memento.Addresses("https://archive.example/web/")
    evil = 'http://gov.example/"> ; rel="x"\r\nX-Evil: 1'
    found = next(iter(memento.mementos(record, PAGE)))
    from dataclasses import replace

    link = memento.memento_headers(at, replace(found, url=evil))["Link"]
    assert "\n" not in link
    assert '">' not in link.replace('rel="original"', "").split(";")[0]


def rows(record: Session, **parameters: str | list[str]) -> list[dict[str, str]]:
    asked = {name.rstrip("_"): [value] if isinstance(value, str) else value for name, value in parameters.items()}
    return list(memento.cdx(record, asked))


def test_cdx_queries_match_filter_collapse_and_limit(record: Session) -> None:
    assert len(rows(record, url=PAGE)) == 4
    assert len(rows(record, url=f"{HOME}/news/*")) == 5
    assert len(rows(record, url="portal.example.az", matchType="host")) == 5
    assert len(rows(record, url="*.example.az")) == 5
    assert [row["status"] for row in rows(record, url=PAGE, filter="!status:200")] == ["-", "404"]
    assert [row["status"] for row in rows(record, url=PAGE, filter=["=status:200", "~mime:html"])] == ["200"]
    assert len(rows(record, url=PAGE, collapse="timestamp:4")) == 1
    assert [row["status"] for row in rows(record, url=PAGE, limit="-1")] == ["404"]
    assert [row["status"] for row in rows(record, url=PAGE, sort="reverse", limit="1")] == ["404"]
    assert rows(record, url=PAGE, fl="urlkey,timestamp", limit="1")[0].keys() == {"urlkey", "timestamp"}
    assert len(rows(record, url=PAGE, from_="20260302", to="20260303")) == 2
    closest = rows(record, url=PAGE, closest="20260303", limit="1")
    assert closest[0]["timestamp"].startswith("20260303")


@pytest.mark.parametrize(
    "parameters",
    [{}, {"url": "x", "matchType": "all"}, {"url": "x", "filter": "("}, {"url": "x", "filter": "status:("},
     {"url": "x", "limit": "many"}, {"url": "x", "from": "soon"}, {"url": "x", "fl": "cookie"}, {"url": "x", "nonsense": "1"}],
)  # fmt: skip
def test_a_query_that_is_off_is_one_clear_error(record: Session, parameters: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        list(memento.cdx(record, {name: [value] for name, value in parameters.items()}))


def test_nothing_that_a_decision_withholds_is_listed(workspace: Workspace, tmp_path: Path) -> None:
    import shutil

    from sqlalchemy import update

    from archive.models import Base
    from archive.workspace import open_at

    shutil.copytree(workspace.root, tmp_path / "copy")
    copy = open_at(tmp_path / "copy")
    with session(copy) as opened:
        opened.execute(update(Base.metadata.tables["capture"]).values(withheld=True))
    with session(copy, readonly=True) as opened:
        assert list(memento.mementos(opened, PAGE)) == []
        assert memento.nearest(opened, PAGE, START) is None
