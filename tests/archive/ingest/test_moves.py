"""A work that goes on at another address is moved: one change, no gone and new beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from archive import database, query
from archive.workspace import Workspace
from tests.archive.ingest.test_timeline import A2, A, B, history, told, works
from tests.archive.story import BODY, HOME, Portal, answer, article

N = replace(A, url=HOME + "/new/1")


def moved(store: Workspace) -> Any:
    with database.session(store, readonly=True) as session:
        (row,) = query.changes(session, kinds=["moved"], blocks=True)
    return row


def test_a_redirect_to_a_page_not_seen_before_moves_the_work_there(portal: Portal) -> None:
    portal.add(portal.shows(A))
    (done,) = portal.later().add(portal.redirects("/en/1", N))
    assert done.change == "moved"
    assert told(portal.workspace) == [("new", "/en/1", None, 1), ("moved", "/new/1", None, 1)]
    row = moved(portal.workspace)
    assert (row["from_url"], row["fields"]) == (A.url, [])
    assert len(works(portal.workspace)) == 1
    (again,) = portal.add(portal.shows(N))
    assert (again.change, again.version) == (None, 1)


def test_a_redirect_to_a_page_listed_before_in_the_same_crawl_is_the_same(portal: Portal) -> None:
    portal.add(portal.shows(A))
    portal.later().add(portal.shows(N))
    portal.add(portal.redirects("/en/1", N))
    assert told(portal.workspace) == [("new", "/en/1", None, 1), ("moved", "/new/1", None, 1)]
    assert len(works(portal.workspace)) == 1


def test_both_in_one_batch_are_the_same_in_either_order(portal: Portal) -> None:
    other = replace(B, url=HOME + "/new/2")
    portal.add(portal.shows(A), portal.shows(B))
    portal.later().add(portal.shows(N), portal.redirects("/en/1", N), portal.redirects("/en/2", other), portal.shows(other))
    assert told(portal.workspace, kinds=["moved"]) == [("moved", "/new/1", None, 1), ("moved", "/new/2", None, 1)]
    assert told(portal.workspace, kinds=["new"]) == [("new", "/en/1", None, 1), ("new", "/en/2", None, 1)]


def test_a_page_edited_while_it_moved_says_both(portal: Portal) -> None:
    portal.add(portal.shows(A))
    portal.add(portal.redirects("/en/1", replace(A2, url=N.url)))
    row = moved(portal.workspace)
    assert (row["fields"], row["words_added"], row["from_url"]) == (["headline", "body"], 2, A.url)
    assert row["blocks"]
    with database.session(portal.workspace, readonly=True) as session:
        assert query.diff(session, N.url)["fields"] == ["headline", "body"]


def test_a_moved_page_is_listed_once_and_found_under_both_addresses(portal: Portal) -> None:
    portal.add(portal.shows(A))
    portal.add(portal.redirects("/en/1", N))
    portal.add(portal.redirects("/en/1", N))
    with database.session(portal.workspace, readonly=True) as session:
        assert [row["url"] for row in query.pages(session)] == [N.url]
        assert query.gone(session) == []
        assert query.show(session, A.url)["articleBody"] == BODY
        assert [known.url for known in query.known(session, "example-az")] == [N.url]
    assert history(portal.workspace, "/en/1") == [(1, "new", 1), (2, "moved", 2)]


def test_a_redirect_to_another_article_is_a_removal(portal: Portal) -> None:
    portal.add(portal.shows(A), portal.shows(B))
    portal.add(portal.redirects("/en/1", B))
    (done,) = portal.add(portal.redirects("/en/1", B))
    assert done.change == "gone"
    with database.session(portal.workspace, readonly=True) as session:
        (row,) = query.gone(session)
    assert (row["url"], row["redirects_to"], row["last_status"]) == (A.url, B.url, 301)


def test_two_old_pages_made_one_are_told_once(portal: Portal) -> None:
    twin = replace(A, url=HOME + "/en/twin", headline="47 member states agree, the ministry says")
    portal.add(portal.shows(A), portal.shows(twin))
    portal.later().add(portal.shows(twin))
    (done,) = portal.later().add(portal.redirects("/en/1", twin))
    assert done.change == "moved"
    with database.session(portal.workspace, readonly=True) as session:
        assert [(row["kind"], row["url"], row["from_url"]) for row in query.changes(session)][:1] == [
            ("moved", twin.url, A.url)
        ]


def test_an_address_that_only_ever_redirected_is_an_alias(portal: Portal) -> None:
    (done,) = portal.add(portal.redirects("/go/1", A))
    assert done.change == "new"
    assert told(portal.workspace) == [("new", "/en/1", None, 1)]
    with database.session(portal.workspace, readonly=True) as session:
        assert query.page(session, HOME + "/go/1")["url"] == A.url
        assert query.gone(session) == []


def test_the_same_text_found_where_a_page_went_missing_is_a_move(portal: Portal) -> None:
    portal.add(portal.shows(A), portal.shows(B))
    other = replace(B, url=HOME + "/new/2")
    portal.later().add(portal.missing("/en/1"), portal.shows(N))  # first missing, then found
    portal.add(portal.shows(other), portal.missing("/en/2"))  # first found, then missing
    assert told(portal.workspace)[2:] == [("moved", "/new/1", None, 1), ("moved", "/new/2", None, 1)]
    portal.later().add(portal.missing("/en/1"), portal.missing("/en/2"))
    with database.session(portal.workspace, readonly=True) as session:
        assert query.gone(session) == []
    assert len(works(portal.workspace)) == 2


def test_the_same_text_on_two_pages_that_are_both_served_is_no_move(portal: Portal) -> None:
    portal.add(portal.shows(A), portal.shows(N))
    portal.later().add(portal.missing("/en/1"))
    portal.add(portal.missing("/en/1"))
    assert told(portal.workspace)[2:] == [("gone", "/en/1", 1, 2)]


def test_a_short_text_found_elsewhere_is_no_move(portal: Portal) -> None:
    short = article("/en/3", "Under construction.", "Notice")
    portal.add(portal.shows(short))
    portal.add(portal.missing("/en/3"), portal.shows(replace(short, url=HOME + "/en/4")))
    assert [row[0] for row in told(portal.workspace)] == ["new", "new"]


def test_a_page_whose_redirect_was_taken_back_is_back(portal: Portal) -> None:
    portal.add(portal.shows(A))
    portal.add(portal.redirects("/en/1", N))
    (done,) = portal.add(portal.shows(A))
    assert (done.change, done.version) == ("back", 3)
    with database.session(portal.workspace, readonly=True) as session:
        assert {row["url"] for row in query.pages(session)} == {A.url, N.url}


def test_a_redirect_chain_is_one_visit_with_its_hops(portal: Portal) -> None:
    from sqlalchemy import text

    visit = portal.redirects("/en/1", N)
    first = portal.exchange("/en/1", answer(302, headers={"Location": "/en/1b"}))
    portal.add(replace(visit, exchanges=(first, *visit.exchanges)))
    with database.session(portal.workspace, readonly=True) as session:
        hops = session.execute(text("SELECT hop, status, visit_id FROM capture ORDER BY hop")).all()
    assert [tuple(row) for row in hops] == [(0, 302, 1), (1, 301, 1), (2, 200, 1)]


def test_a_redirect_to_another_spelling_of_itself_is_the_page(portal: Portal) -> None:
    portal.add(portal.shows(A))
    secure = replace(A, url=A.url.replace("http:", "https:") + "/")
    (done,) = portal.add(portal.redirects("/en/1", secure))
    assert (done.change, done.state) == (None, "live")
    assert history(portal.workspace, "/en/1") == [(1, "new", 2)]


def test_an_identity_of_the_portals_file_names_the_page_under_any_address(portal: Portal) -> None:
    portal.add(portal.lists("/news", HOME + "/en/view/5/slug"))
    portal.add(replace(portal.shows(article("/en/view/5/slug")), identity="id=5"))
    (done,) = portal.add(replace(portal.shows(article("/en/view/5/renamed")), identity="id=5"))
    assert done.change is None
    with database.session(portal.workspace, readonly=True) as session:
        (row,) = query.pages(session)
        assert query.page(session, HOME + "/en/view/5/renamed") == row
        assert row["sections"] == ["News"]
        (known,) = query.known(session, "example-az", [HOME + "/en/view/5/renamed"])
        assert known.page == row["page"]
