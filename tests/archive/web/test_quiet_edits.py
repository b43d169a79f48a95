"""Edits that a page does not declare: found by a filter in the browser, in its twins and feeds, and marked in every list."""

from __future__ import annotations

import pytest
from lxml import html
from starlette.testclient import TestClient

from archive.records import StatedDate
from archive.web import create_app
from archive.workspace import create
from tests.archive.story import BODY, HOME, Portal, article


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """Three edits: declared, silent, and of a page that states no date of change."""
    made = create(tmp_path_factory.mktemp("quiet") / "archive")
    portal = Portal(made)
    day = {n: StatedDate(f"2026-03-0{n}", f"{n} March 2026", "meta", 0.9) for n in (1, 2)}
    portal.begin().add(
        portal.shows(article("/declared", dateModified=day[1])),
        portal.shows(article("/silent", dateModified=day[1])),
        portal.shows(article("/unknown")),
    )
    portal.end()
    portal.later(days=1).begin().add(
        portal.shows(article("/declared", BODY.replace("47", "46"), dateModified=day[2])),
        portal.shows(article("/silent", BODY.replace("talks", "debate"), dateModified=day[1])),
        portal.shows(article("/unknown", BODY.replace("47", "45"))),
    )
    portal.end()
    return TestClient(create_app(made), base_url="http://127.0.0.1")


def paths(browser: TestClient, words: str) -> list[str]:
    rows = browser.get(f"/changes.json?{words}").json()
    fed = browser.get(f"/changes.feed.json?{words}").json()["items"]
    assert [item["external_url"] for item in fed] == [row["url"] for row in rows]
    return sorted(row["url"].removeprefix(HOME) for row in rows)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("declared=no", ["/silent"]),
        ("declared=yes&declared=unknown", ["/declared", "/unknown"]),
        ("kind=edited&min_significance=0", ["/declared", "/silent", "/unknown"]),
        ("kind=edited&min_significance=0.5", ["/declared", "/unknown"]),
        ("declared=no&min_significance=.5", []),
    ],
)
def test_edits_are_found_by_what_the_page_said_of_them_and_by_what_they_matter(
    browser: TestClient, words: str, expected: list[str]
) -> None:
    assert paths(browser, words) == expected


def test_the_form_has_the_filters_and_keeps_them(browser: TestClient) -> None:
    page = html.fromstring(browser.get("/changes?declared=no&min_significance=0.1").text)
    form = page.xpath("//form[@class='filters']")[0]
    assert form.xpath(".//input[@name='declared']/@value") == ["yes", "no", "unknown"]
    assert form.xpath(".//input[@name='declared' and @checked]/@value") == ["no"]
    assert form.fields["min_significance"] == "0.1"
    assert "Changes: not declared by the page" in browser.get("/changes.atom?declared=no").text


@pytest.mark.parametrize("address", ["/", "/changes", "/changes?patch=1", "/portals/example-az"])
def test_a_list_says_in_words_which_edits_are_not_declared(browser: TestClient, address: str) -> None:
    page = html.fromstring(browser.get(address).text)
    marked = page.xpath("//*[self::li or self::article][.//span[normalize-space()='not declared']]//a/@href")
    (silent,) = browser.get("/changes.json?declared=no").json()
    assert marked == [f"/pages/{silent['page']}/diff/1..2"]


def test_the_description_names_the_filters(browser: TestClient) -> None:
    described = browser.get("/openapi.json").json()["paths"]["/changes.json"]["get"]["parameters"]
    of = {parameter["name"]: parameter["schema"] for parameter in described}
    assert of["min_significance"] == {"type": "number", "minimum": 0, "maximum": 1}
    assert "declared" in of
