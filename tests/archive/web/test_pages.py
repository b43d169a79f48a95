"""Every page and its twins, as a client without scripts sees them."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

import feedparser
import jsonschema
import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from archive.cli.front import onrecord
from archive.workspace import Workspace
from tests.archive.story import HOME


def asked(kept: Workspace, *words: str) -> Any:
    """What the command line prints."""
    return json.loads(CliRunner().invoke(onrecord, ["-C", str(kept.root), *words, "--json"], prog_name="onrecord").output)


def test_the_twins_say_what_the_command_line_says(viewer: TestClient, kept: Workspace, pages: dict[str, str]) -> None:
    page = pages["/news/1"]
    assert viewer.get("/changes.json").json() == asked(kept, "changes")
    assert viewer.get("/changes.json?kind=edited&fields=headline").json() == asked(
        kept, "changes", "--kind", "edited", "--fields", "headline"
    )
    assert viewer.get("/gone.json").json() == asked(kept, "gone")
    assert viewer.get("/runs.json").json() == asked(kept, "runs")
    assert viewer.get(f"/pages/{page}/log.json").json() == asked(kept, "log", page)
    assert viewer.get(f"/pages/{page}/diff/1..2.json").json() == asked(kept, "diff", page, "1..2")
    assert viewer.get("/search.json?q=resolution").json() == asked(kept, "search", "resolution")
    shown = viewer.get(f"/pages/{page}@1.json").json()
    assert shown == {**asked(kept, "show", f"{page}@1"), "versions": 2}


def test_home_leads_to_changes_portals_and_a_calendar_with_its_numbers(viewer: TestClient) -> None:
    home = viewer.get("/").text
    assert '<svg class="calendar"' in home
    assert 'aria-label="2026-03-02: ' in home
    assert '<a href="/portals/example-az">' in home
    assert "46 member states agree" in home
    days = list(csv.DictReader(io.StringIO(viewer.get("/index.csv").text)))
    assert [row["day"] for row in days] == ["2026-03-01", "2026-03-02", "2026-03-03"][: len(days)]
    assert len(home.encode()) < 100_000


def test_an_article_shows_text_versions_links_and_evidence(viewer: TestClient, pages: dict[str, str]) -> None:
    text = viewer.get(f"/pages/{pages['/news/1']}").text
    assert "The minister said that 46 member states" in text
    assert "edited @2" in text
    assert "47 member states agreed" in text  # among what was taken away
    assert f'href="/pages/{pages["/news/3"]}@1"' in text
    assert "Foreign press" in text
    assert "/web/20260302" in text
    assert 'href=""' not in text
    assert 'href="javascript' not in text


def test_languages_say_their_direction(viewer: TestClient, pages: dict[str, str]) -> None:
    assert '<h1 lang="fa" dir="rtl">' in viewer.get(f"/pages/{pages['/news/6']}").text
    assert '<h1 lang="en" dir="ltr">' in viewer.get(f"/pages/{pages['/news/1']}").text


def test_a_difference_is_told_by_elements_and_by_words(viewer: TestClient, pages: dict[str, str]) -> None:
    text = viewer.get(f"/pages/{pages['/news/1']}/diff/1..2").text
    assert "<del><span class=said>removed: </span>47</del>" in text
    assert "<ins><span class=said>added: </span>46</ins>" in text
    side = viewer.get(f"/pages/{pages['/news/1']}/diff/1..2?view=side").text
    assert side.count('class="side"') >= 4
    removed = viewer.get(f"/pages/{pages['/news/1']}/diff/1..2?view=removed").text
    assert "added: </span>46" not in removed
    assert "removed: </span>47" in removed
    form = viewer.get(f"/compare/{pages['/news/1']}?from=1&to=2&view=raw").text
    assert '<span class="minus">-' in form


def test_a_gone_page_keeps_its_text_and_says_so(viewer: TestClient, pages: dict[str, str]) -> None:
    text = viewer.get(f"/pages/{pages['/news/3']}").text
    assert "not served any more" in text
    assert "record harvest of hazelnuts" in text
    assert pages["/news/3"] in viewer.get("/gone").text


def test_search_marks_words_counts_facets_and_says_when_nothing_is_found(viewer: TestClient) -> None:
    assert "<mark>resolution</mark>" in viewer.get("/search?q=resolution").text
    assert "Nothing found for" in viewer.get("/search?q=zebra").text
    assert "All words are wanted" in viewer.get("/search").text
    assert "the page is gone" in viewer.get("/search?q=hazelnuts&gone=1").text


def test_search_says_when_older_texts_were_not_looked_at(viewer: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "very many texts" not in viewer.get("/search?q=resolution").text
    monkeypatch.setattr("archive.search.finding.CANDIDATES", 1)
    assert "very many texts" in viewer.get("/search?q=resolution").text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/nowhere", 404, "no such page"),
        ("/pages/ffff", 404, "no page"),
        ("/pages/x", 404, "at least 4 hex digits"),
        ("/portals/example-a", 404, "did you mean example-az"),
        ("/changes?kind=edit", 400, "is none of"),
        ("/changes?since=soon", 400, "no time"),
        ("/changes?page=0", 400, "a number from 1"),
        ("/changes?page=99999", 400, "a number from 1"),
        ("/changes?section=Nowhere", 404, "no section"),
        ("/changes?declared=maybe", 400, "is none of yes, no, unknown"),
        ("/changes?min_significance=2", 400, "a number from 0 to 1"),
        ("/changes?min_significance=some", 400, "a number from 0 to 1"),
        ("/changes?year=2021", 400, "year is no filter here"),
        ("/changes?kinds=edited", 400, "did you mean kind?"),
        ("/search?q=a&years=2021", 400, "did you mean year?"),
        ("/search?q=a&year=soon", 400, "a number from 1"),
        ("/gone?q=a", 400, "filters here: state"),
        ("/runs?section=News", 400, "section is no filter here"),
        ("/portals/example-az?kind=edited", 400, "kind is no filter here"),
        ("/web/20260301/http://never.example/", 404, "no capture of"),
        ("/web/20260301/mailto:x", 404, ""),
        ("/cdx", 400, "url is missing"),
        ("/cdx?url=x&nonsense=1", 400, "unknown parameter"),
        ("/runs.atom", 404, "no form .atom"),
    ],
)
def test_a_mistake_is_told_as_a_page_with_its_status(viewer: TestClient, path: str, status: int, said: str) -> None:
    found = viewer.get(path)
    assert found.status_code == status
    assert said in found.text.replace("&#39;", "'")
    assert "Traceback" not in found.text


def test_an_error_of_a_twin_is_an_object(viewer: TestClient) -> None:
    error = viewer.get("/pages/ffff.json").json()["error"]
    assert error["code"] == "page.missing"
    assert error["hint"]


def test_an_archive_without_pages_says_what_to_do(tmp_path: Any, migrated_file: Any) -> None:
    import shutil

    from archive import workspace
    from archive.web import create_app

    made = workspace.create(tmp_path / "empty")
    shutil.copy(migrated_file, made.root / "archive.db")
    client = TestClient(create_app(made), base_url="http://127.0.0.1")
    assert "Nothing was crawled yet" in client.get("/").text
    for path in ("/changes", "/gone", "/runs", "/search?q=a", "/-/about", "/index.json", "/index.csv", "/index.atom"):
        assert client.get(path).status_code == 200, path


def test_lists_are_paged(viewer: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.web.asked.PAGE", 2)
    first = viewer.get("/changes").text
    assert 'rel="next" href="/changes?page=2"' in first
    second = viewer.get("/changes?page=2").text
    assert 'rel="prev"' in second
    assert first.count("<li>") == second.count("<li>") == 2
    assert len(viewer.get("/changes.json?limit=3").json()) == 3


@pytest.mark.parametrize("path", ["/index", "/changes", "/gone", "/portals/example-az"])
def test_feeds_are_valid_and_hold_the_change_itself(viewer: TestClient, path: str) -> None:
    answer = viewer.get(f"{path}.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = feedparser.parse(answer.content)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    assert feed.entries
    assert all(entry.id.startswith("tag:portal.example.az,2026-03-") for entry in feed.entries)
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    told = viewer.get(f"{path}.feed.json")
    assert told.headers["content-type"].startswith("application/feed+json")
    assert [item["id"] for item in told.json()["items"]] == [entry.id for entry in feed.entries]


@pytest.mark.parametrize("path", ["/index", "/changes", "/portals/example-az", "/pages/{page}", "/search"])
def test_every_feed_holds_the_words_that_changed(viewer: TestClient, pages: dict[str, str], path: str) -> None:
    own = path.replace("{page}", pages["/news/1"])
    told = {"/search": "?q=resolution"}.get(path, "")
    viewer.get(own.removesuffix("index") + told)  # the page first: what is remembered for it has no words
    for entries in (
        [item["content_html"] for item in viewer.get(f"{own}.feed.json{told}").json()["items"]],
        [entry.content[0].value for entry in feedparser.parse(viewer.get(f"{own}.atom{told}").content).entries],
    ):
        assert any("<del>47</del><ins>46</ins>" in words for words in entries)
        assert all("<ins>" in words or "<del>" in words for words in entries if words.startswith("<p>Edited"))


ITEM = {
    "type": "object",
    "required": ["id", "url", "content_html"],
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "url": {"type": "string", "pattern": "^https?://"},
        "external_url": {"type": "string", "pattern": "^https?://"},
        "title": {"type": "string"},
        "content_html": {"type": "string", "minLength": 1},
        "summary": {"type": "string"},
        "date_published": {"type": "string", "format": "date-time"},
        "date_modified": {"type": "string", "format": "date-time"},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
    "additionalProperties": False,
}
JSON_FEED = {  # as jsonfeed.org/version/1.1 says, of the keys that are used here
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string", "minLength": 1},
        "home_page_url": {"type": "string", "pattern": "^https?://"},
        "feed_url": {"type": "string", "pattern": "^https?://"},
        "items": {"type": "array", "items": ITEM},
    },
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    "address",
    [
        "/index.feed.json?limit=9",
        "/changes.feed.json?fields=body",
        "/gone.feed.json?state=gone",
        "/search.feed.json?q=hazelnuts",
        "/portals/example-az.feed.json?lang=en",
    ],
)
def test_json_feeds_keep_to_the_format_and_name_their_own_address(viewer: TestClient, address: str) -> None:
    told = viewer.get(address).json()
    jsonschema.validate(told, JSON_FEED, format_checker=jsonschema.FormatChecker())
    assert told["items"]
    assert len({item["id"] for item in told["items"]}) == len(told["items"])
    again = viewer.get(told["feed_url"].removeprefix("http://127.0.0.1:8001")).json()
    assert again == told


def test_a_feed_is_the_same_when_asked_again_and_links_lead_somewhere(viewer: TestClient) -> None:
    feed = feedparser.parse(viewer.get("/changes.atom?kind=edited").content)
    assert feed.entries == feedparser.parse(viewer.get("/changes.atom?kind=edited").content).entries
    for entry in feed.entries:
        assert viewer.get(entry.link.removeprefix("http://127.0.0.1:8001")).status_code == 200
    assert {entry.tags[0].term for entry in feed.entries} == {"edited"}


def test_every_link_of_every_page_leads_somewhere(viewer: TestClient, pages: dict[str, str]) -> None:
    from lxml import html

    seen: set[str] = set()
    todo = ["/", f"/web/2026/{HOME}/news/1"]
    while todo:
        path = todo.pop(0)
        if path in seen or len(seen) > 300 or path.count("&") > 0:
            continue
        seen.add(path)
        found = viewer.get(path)
        assert found.status_code in (200, 302), path
        if found.status_code == 302:
            todo.append(found.headers["location"].removeprefix("http://127.0.0.1:8001"))
        elif found.headers["content-type"].startswith("text/html") and "if_/" not in path and "id_/" not in path:
            links = html.fromstring(found.text).xpath("//a/@href | //link/@href | //iframe/@src")
            todo += [link.partition("#")[0] for link in links if link.startswith("/")]
    assert any("/diff/" in path for path in seen)
    assert any("if_/" in path for path in seen)


def test_the_time_machine_shows_what_was_in_force_and_how_well_that_is_known(viewer: TestClient, pages: dict[str, str]) -> None:
    first = {row["page"]: row for row in viewer.get("/portals/example-az/at/2026-03-01.json").json()["articles"]}
    assert first[pages["/news/1"]]["version"] == 1
    assert first[pages["/news/1"]]["headline"] == "47 member states agree"
    assert first[pages["/news/1"]]["seen_before"].startswith("2026-03-01")
    assert first[pages["/news/1"]]["seen_after"].startswith("2026-03-02")
    assert first[pages["/news/3"]]["state"] == "content"
    later = {row["page"]: row for row in viewer.get("/portals/example-az/at/2026-03-03.json").json()["articles"]}
    assert later[pages["/news/1"]]["headline"] == "46 member states agree"
    assert later[pages["/news/3"]]["state"] == "gone"
    assert later[pages["/news/3"]]["headline"] == "Hazelnuts"
    assert viewer.get("/portals/example-az/at/2020.json").json()["articles"] == []
    assert "Nothing of this portal was known then" in viewer.get("/portals/example-az/at?date=2020-01-01").text
    assert viewer.get("/portals/example-az/at").status_code == 400


def test_the_time_machine_leads_to_the_home_page_and_the_listings_of_the_day(viewer: TestClient) -> None:
    told = viewer.get("/portals/example-az/at/2026-03-02.json").json()
    assert list(told) == ["portal", "at", "spread", "home", "hubs", "sections", "articles"]
    assert told["home"] == {"url": f"{HOME}/", "captured_before": None, "captured_after": None, "status": None}
    (hub,) = told["hubs"]
    assert (hub["url"], hub["section"], hub["status"], hub["captured_after"]) == (f"{HOME}/news", "News", 200, None)
    assert hub["captured_before"].startswith("2026-03-01T12:00:00")
    assert told["sections"] == [{"section": "News", "listed": 4}]
    page = viewer.get("/portals/example-az/at/2026-03-02").text
    assert f'<a href="/web/20260301080000/{HOME}/news">News</a>' in page
    assert "not before" in page and "not since" in page
    assert "The home page was never captured" in page
    assert viewer.get(f"/web/20260301080000/{HOME}/news").status_code == 200
    earlier = viewer.get("/portals/example-az/at/2026-02-01").text
    assert f'<a href="/web/20260301080000/{HOME}/news"><time' in earlier  # next after, none before
    assert "No listing had named a section then" in earlier


def test_the_time_machine_tells_its_spread_over_all_articles_in_words(
    viewer: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.web.asked.PAGE", 1)
    for day in ("2026-03-01", "2026-03-02", "2026-03-03"):
        told = viewer.get(f"/portals/example-az/at/{day}.json").json()
        looks = sorted(row["seen_before"] for row in told["articles"])
        count = len(looks)
        assert count > 1
        assert told["spread"] == {"first": looks[0], "last": looks[-1], "pages": count}, day
    assert f"{count} articles were in force then" in viewer.get("/portals/example-az/at/2026-03-03").text
    rows = list(csv.DictReader(io.StringIO(viewer.get("/portals/example-az/at/2026-03-03.csv").text)))
    assert len(rows) == count
    assert set(rows[0]) >= {"page", "seen_before", "seen_after"}


def test_figures_count_first_edits_and_hours_of_the_week(viewer: TestClient) -> None:
    told = viewer.get("/stats.json").json()
    assert told["edited"] == 2
    assert 23 < told["median_first_edit_h"] < 25
    assert sum(bar["articles"] for bar in told["bars"]) == 2
    page = viewer.get("/stats").text
    assert 'class="plot"' in page
    assert "<caption>Articles by time from first sight to first edit</caption>" in page


def test_the_openapi_description_is_of_addresses_that_answer(viewer: TestClient, pages: dict[str, str]) -> None:
    described = viewer.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    real = {"{portal}": "example-az", "{date}": "2026-03-02", "{ref}": pages["/news/1"], "{versions}": "1..2"}
    real["{url}"] = f"{HOME}/news/1"
    given = {"date": "2026-03-02", "from": "1", "to": "2", "output": "json", "url": f"{HOME}/news/1", "q": "hazelnuts"}
    for address, operations in described["paths"].items():
        path = address
        for name, value in real.items():
            path = path.replace(name, value)
        ((media, content),) = operations["get"]["responses"]["200"]["content"].items()
        must = {
            one["name"]: given[one["name"]]
            for one in operations["get"]["parameters"]
            if one.get("required") and one["in"] == "query"
        }
        found = viewer.get(path, params=must)
        assert found.headers["content-type"].partition(";")[0] == media, path
        assert isinstance(found.json(), list if content["schema"]["type"] == "array" else dict), path
        for parameter in operations["get"]["parameters"]:
            for value in ("1", "\u0000", "-1", "x" * 600, "'\"<>", "9" * 30):
                found = viewer.get(path, params=must | {parameter["name"]: value})
                assert found.status_code in (200, 400, 404), (path, parameter["name"], value)


def test_what_is_remembered_is_forgotten_when_the_record_changes(
    sqlite_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive.web import create_app, remembered
    from tests.archive.story import BODY, Portal, article

    monkeypatch.setattr(remembered, "DEAR", math.inf)  # on a slow machine any answer may be dear
    client = TestClient(create_app(sqlite_workspace), base_url="http://127.0.0.1")
    portal = Portal(sqlite_workspace).begin()
    portal.add(portal.shows(article("/news/1")))
    assert client.get("/portals/example-az.json").json()["articles"] == 1
    portal.add(portal.shows(article("/news/2", BODY[80:], "Another")))
    assert client.get("/portals/example-az.json").json()["articles"] == 2
    assert client.get("/runs.json").json()[0]["outcome"] == "running"
    portal.end()
    assert client.get("/runs.json").json()[0]["outcome"] == "ok"
    assert client.get("/index.json").json()["portals"][0]["last_outcome"] == "ok"


def test_a_change_of_no_section_has_no_gap_in_its_line(viewer: TestClient) -> None:
    shown = viewer.get("/changes?patch=1").text
    assert shown.count('<span class="where">example-az · ') > 1
    assert "· ·" not in shown and "· </span>" not in shown
