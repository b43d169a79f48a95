"""Pages lead on: from a move to both its ends, from a comparison to what is around it, from an article to its kin."""

from __future__ import annotations

import feedparser
import pytest
from starlette.testclient import TestClient

from archive.workspace import Workspace
from tests.archive.story import HOME


def test_both_ends_of_a_move_say_so_and_lead_to_each_other(viewer: TestClient, pages: dict[str, str]) -> None:
    new = pages["/news/2b"]
    old = next(row["from_page"] for row in viewer.get("/changes.json?kind=moved").json())
    compared = f"/pages/{new}/moved/{old}"
    there = viewer.get(f"/pages/{new}").text
    assert f'Moved from <a href="/pages/{old}">{HOME}/news/2</a> on <time' in there
    assert "This is an earlier version" not in there
    assert f'href="{compared}">what changed' in there
    for ref in (old, f"{old}@1", f"{old}@2"):
        here = viewer.get(f"/pages/{ref}").text
        assert '<span class="state moved">moved</span>' in here
        assert f'Moved to <a href="/pages/{new}">{HOME}/news/2b</a> on <time' in here
        assert f'href="{compared}">what changed' in here
        assert ("@2 shows no text of its own" in here) == ref.endswith("@2")
    text = viewer.get(compared).text
    assert f'Moved from <a href="/pages/{old}">' in text
    assert f'href="/pages/{old}@1"' in text
    told = viewer.get(f"{compared}.json").json()
    assert (told["from"]["page"], told["from"]["url"], told["to"]["n"]) == (old, f"{HOME}/news/2", 1)
    assert viewer.get(f"/pages/{old}/moved/{new}").status_code == 404


def test_lists_and_feeds_name_both_addresses_of_a_move(viewer: TestClient, pages: dict[str, str]) -> None:
    said = f"Moved from {HOME}/news/2 to {HOME}/news/2b"
    old = viewer.get("/changes.json?kind=moved").json()[0]["from_page"]
    for form in ("", "&patch=1"):
        listed = viewer.get(f"/changes?kind=moved{form}").text
        assert f'from <a href="/pages/{old}">{HOME}/news/2</a> to <a href="/pages/{pages["/news/2b"]}">' in listed
    assert said in viewer.get("/changes.feed.json?kind=moved").json()["items"][0]["content_html"]
    entry = feedparser.parse(viewer.get("/changes.atom?kind=moved").content).entries[0]
    assert said in entry.summary
    assert entry.link.endswith(f"/moved/{old}")


def test_a_difference_leads_on(viewer: TestClient, pages: dict[str, str]) -> None:
    page = pages["/news/1"]
    text = viewer.get(f"/pages/{page}/diff/1..2").text
    assert '<a href="/portals/example-az">Example</a>' in text
    assert '<a href="/portals/example-az?section=News"' in text
    assert f'<a href="{HOME}/news/1" rel="noreferrer">' in text
    assert "1 of 3 paragraphs differs" in text
    for link in (f"/pages/{page}@2#cite", f"/pages/{page}@2/evidence"):
        assert f'href="{link}"' in text
    assert text.count(f"/{HOME}/news/1") >= 2
    assert 'id="cite"' in viewer.get(f"/pages/{page}@2").text


def test_the_changes_around_a_comparison() -> None:
    from archive.web.around import neighbours

    kinds = ["new", "edited", "gone", "back", "replaced"]
    versions = [{"version": number, "kind": kind} for number, kind in enumerate(kinds, 1)]
    assert neighbours(versions, 1, 2) == (None, "3..4")
    assert neighbours(versions, 2, 4) == ("1..2", "4..5")
    assert neighbours(versions, 4, 5) == ("3..4", None)
    assert neighbours(versions, 1, 5) == (None, None)


def test_paragraphs_of_both_texts_are_counted() -> None:
    from archive.diffing import diff_text
    from archive.web.around import share
    from tests.archive.story import article

    old = "One stays as it was.\n\nTwo goes away wholly.\n\nThree also stays."
    new = "One stays as it was.\n\nThree also stays."
    assert share(diff_text(old, new, "body").blocks, article("/x", new)) == (1, 3)
    assert share(diff_text(new, old, "body").blocks, article("/x", old)) == (1, 3)
    assert share([], article("/x", "")) is None


def test_an_article_names_the_pages_around_it_by_their_own_headlines(sqlite_workspace: Workspace) -> None:
    from archive.records import RelatedLink
    from archive.web import create_app
    from tests.archive.story import OTHER_BODY, Portal, article

    there = HOME + "/ru/1"
    links = (RelatedLink("translation", there, lang="ru"), RelatedLink("translation", HOME + "/az/1", lang="az"))
    portal = Portal(sqlite_workspace).begin()
    portal.add(portal.shows(article("/en/1", links=links)))
    portal.add(
        portal.shows(
            article("/ru/1", OTHER_BODY, "Заголовок", inLanguage="ru", links=(RelatedLink("related", HOME + "/en/1", "47"),))
        )
    )
    portal.end()
    client = TestClient(create_app(sqlite_workspace), base_url="http://127.0.0.1")
    ids = {row["url"]: row["page"] for row in client.get("/changes.json").json()}
    text = client.get(f"/pages/{ids[HOME + '/en/1']}").text
    assert f'Russian: <a href="/pages/{ids[there]}@1" lang="ru" dir="ltr">Заголовок</a>' in text
    assert f'Azerbaijani: <a href="{HOME}/az/1"' in text
    assert f'<li><a href="/pages/{ids[there]}@1" lang="ru" dir="ltr">Заголовок</a> <span class="where">as related' in text


def test_another_article_at_an_address_is_no_edit_of_the_one_before(sqlite_workspace: Workspace) -> None:
    from archive.web import create_app
    from tests.archive.story import BODY, OTHER_BODY, Portal, article

    portal = Portal(sqlite_workspace).begin()
    portal.add(portal.shows(article("/en/1")))
    portal.later().add(portal.shows(article("/en/1", OTHER_BODY, "Hazelnuts")))
    client = TestClient(create_app(sqlite_workspace), base_url="http://127.0.0.1")
    page = client.get("/changes.json").json()[0]["page"]
    assert client.get("/changes.json").json()[0]["kind"] == "replaced"
    text = client.get(f"/pages/{page}").text
    assert "Another article stands at this address since @2" in text
    assert f'href="/pages/{page}/diff/1..2">both' in text
    assert "edited @2" not in text
    assert "Taken away" not in text
    assert f'since <a href="/pages/{page}@2">@2</a>' in client.get(f"/pages/{page}@1").text
    portal.later().add(portal.shows(article("/en/1", OTHER_BODY.replace("eleven", "twelve"), "Hazelnuts")))
    text = client.get(f"/pages/{page}").text
    assert "edited @3" in text
    assert "edited @2" not in text
    assert "Taken away since @2" in text
    assert BODY[:40] not in text
    portal.end()


@pytest.mark.parametrize(("code", "name"), [("ru", "Russian"), ("pt-BR", "Portuguese (BR)"), ("xx", "xx"), (None, "")])
def test_languages_have_names(code: str | None, name: str) -> None:
    from archive.web.languages import language

    assert language(code) == name


def test_a_hit_on_a_moved_page_leads_to_where_it_moved(viewer: TestClient, pages: dict[str, str]) -> None:
    found = viewer.get("/search?q=bridge").text
    assert f'moved to <a href="/pages/{pages["/news/2b"]}">{HOME}/news/2b</a>' in found
    assert "text since removed" not in found
    assert "Nothing found" in viewer.get("/search?q=bridge&gone=1").text
