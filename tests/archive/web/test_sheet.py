"""The evidence sheet, and what people decided, on pages of their own and on the page they are about."""

from __future__ import annotations

import csv
import io
from urllib.parse import parse_qs

from lxml import html
from starlette.testclient import TestClient

from tests.archive.story import HOME


def test_a_sheet_says_what_was_captured_how_to_check_it_and_what_it_does_not_prove(
    viewer: TestClient, pages: dict[str, str]
) -> None:
    page = pages["/news/1"]
    told = viewer.get(f"/pages/{page}@1/evidence.json").json()
    shown = viewer.get(f"/pages/{page}@1.json").json()["evidence"]
    assert {name: told[name] for name in ("sha256", "record_sha256", "warc", "offset")} == {
        name: shown[name] for name in ("sha256", "record_sha256", "warc", "offset")
    }
    assert told["ledger"]["size"] > told["ledger"]["index"] >= 0
    text = viewer.get(f"/pages/{page}@1/evidence").text
    for said in (told["sha256"], told["record_sha256"], told["ledger"]["root"], "What it does not prove", "47 member states"):
        assert said in text, said
    assert f"onrecord prove {page[:6]}" in text
    assert "no time stamp of others covers it yet" in text
    assert "captured Mar. 1, 2026" in text


def test_a_version_without_a_capture_has_no_sheet(viewer: TestClient, pages: dict[str, str]) -> None:
    assert viewer.get(f"/pages/{pages['/news/1']}@9/evidence").status_code == 404


def test_an_article_carries_what_reference_managers_read(viewer: TestClient, pages: dict[str, str]) -> None:
    page = html.fromstring(viewer.get(f"/pages/{pages['/news/1']}").text)
    (span,) = page.xpath("//span[@class='Z3988']")
    fields = parse_qs(span.get("title"))
    assert fields["ctx_ver"] == ["Z39.88-2004"]
    assert fields["rft.title"] == ["46 member states agree"]
    assert fields["rft.date"] == ["2026-03-01"]
    assert fields["rft.identifier"] == [f"{HOME}/news/1"]
    assert "/web/20260302" in fields["rft.relation"][0]
    assert page.xpath("//script[@type='application/ld+json']")


def test_stars_notes_and_mutes_are_shown(viewer: TestClient, pages: dict[str, str]) -> None:
    page = pages["/news/1"]
    text = viewer.get("/decided").text
    assert "the minister&#39;s promise" in text
    assert "body:views #" in text
    assert "<script>alert" not in text
    told = viewer.get("/decided.json").json()
    assert [row["page"] for row in told["stars"] + told["notes"]] == [page, page]
    assert told["furniture"][0]["why"].endswith(": a counter")
    rows = list(csv.DictReader(io.StringIO(viewer.get("/decided.csv").text)))
    assert {row["verb"] for row in rows} == {"star", "note"}
    about = viewer.get(f"/pages/{page}").text
    assert "<b>Starred</b> by " in about
    assert "<b>Note</b> by " in about


def test_figures_say_how_long_texts_stand_and_so_does_the_command_line(viewer: TestClient) -> None:
    told = viewer.get("/stats.json").json()["ages"]
    # Two edits, one page gone: seen a day after the first sight, of articles that were watched for up to two days.
    assert [row["age"] for row in told] == ["1 h", "6 h", "1 d", "3 d"][: len(told)]
    assert told[0]["unchanged"] == told[0]["served"] == 1.0
    assert told[-1]["unchanged"] < told[-1]["served"] < 1.0
    page = viewer.get("/stats").text
    assert "<caption>Shares by age since first sight" in page
    assert f"{100 * told[-1]['unchanged']:.1f} %" in page


def test_a_saved_search_is_a_feed_of_changes_that_brought_or_took_its_words(viewer: TestClient, pages: dict[str, str]) -> None:
    told = viewer.get("/search.feed.json?q=hazelnuts").json()
    assert {item["id"].split("/")[1] for item in told["items"]} >= {pages["/news/3"]}
    assert any("/gone" in item["id"] for item in told["items"])  # the text went with its page
    assert viewer.get("/search.feed.json?q=zebraquagga").json()["items"] == []
    assert viewer.get("/search.atom?q=hazelnuts").headers["content-type"].startswith("application/atom+xml")
