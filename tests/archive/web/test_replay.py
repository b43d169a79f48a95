"""Captures as they looked: Memento (RFC 7089), the frame and the bytes."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from archive.web.wished import wished
from tests.archive.story import BODY, HOME, article, html
from tests.archive.web.conftest import ALIVE

URL = f"{HOME}/news/1"


def _stamp(viewer: TestClient, url: str = URL, about: str = "2026") -> str:
    found = re.search(r"/web/(\d{14})/", viewer.get(f"/web/{about}/{url}").headers["location"])
    assert found is not None
    return found[1]


def test_the_time_gate_sends_to_the_nearest_capture(viewer: TestClient) -> None:
    newest = viewer.get(f"/web/{URL}")
    assert newest.status_code == 302
    assert "/web/20260303" in newest.headers["location"]
    first = viewer.get(f"/web/{URL}", headers={"accept-datetime": "Sun, 01 Mar 2026 00:00:00 GMT"})
    assert "/web/20260301" in first.headers["location"]
    assert first.headers["vary"].lower().startswith("accept-datetime")
    assert viewer.get(f"/web/{URL}", headers={"accept-datetime": "yesterday"}).status_code == 400


def test_a_capture_is_framed_under_a_banner_that_says_what_it_is(viewer: TestClient) -> None:
    stamp = _stamp(viewer)
    page = viewer.get(f"/web/{stamp}/{URL}")
    assert page.headers["memento-datetime"].startswith("Sun, 01 Mar 2026")
    assert 'rel="timemap"' in page.headers["link"]
    assert "Not the live page" in page.text
    assert "status 200" in page.text
    assert 'sandbox="allow-same-origin allow-top-navigation-by-user-activation"' in page.text
    assert "Next capture" in page.text
    assert "Previous capture" not in page.text
    assert '<a href="/portals/example-az/at/2026-03-01">the portal that day</a>' in page.text


def test_the_raw_form_gives_the_bytes_as_they_were_served(viewer: TestClient) -> None:
    stamp = _stamp(viewer)
    raw = viewer.get(f"/web/{stamp}id_/{URL}")
    assert raw.content == html(article("/news/1", BODY))
    assert raw.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert raw.headers["memento-datetime"]
    later = _stamp(viewer, about="20260303")
    assert b"46 member states" in viewer.get(f"/web/{later}id_/{URL}").content  # a revisit gives its original's bytes


def test_what_acts_is_taken_out_and_all_addresses_stay_inside(viewer: TestClient) -> None:
    url = f"{HOME}/news/7"
    stamp = _stamp(viewer, url)
    page = viewer.get(f"/web/{stamp}if_/{url}")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-same-origin allow-top-navigation-by-user-activation; default-src 'none'")
    assert "script" not in policy
    assert page.text.startswith('<!doctype html>\n<html><head><meta charset="utf-8"><base target="_top">')
    assert "x-frame-options" not in page.headers
    text = page.text
    for acting in ("<script", "onload", "onclick", "javascript:", "http-equiv", "<iframe", 'action="'):
        assert acting not in text, acting
    assert f'/web/{stamp}/https://elsewhere.example/news/1"' in text  # by the page's own base
    assert f"/web/{stamp}im_/https://elsewhere.example/logo.png 1x" in text
    assert viewer.get(f"/web/{stamp}id_/{url}").content == ALIVE


def test_a_missing_answer_is_replayed_with_its_status(viewer: TestClient) -> None:
    page = viewer.get(f"/web/{_stamp(viewer, HOME + '/news/3', '20260303')}/{HOME}/news/3")
    assert "status 410" in page.text


def test_the_time_map_and_the_index_list_all_captures(viewer: TestClient) -> None:
    links = viewer.get(f"/timemap/link/{URL}")
    assert links.headers["content-type"].startswith("application/link-format")
    assert links.text.count('memento"') == 3
    assert viewer.get(f"/timemap/json/{URL}").json()["original_uri"] == URL
    for address in re.findall(r"<(http://127[^>]*?/web/\d{14}/[^>]*)>", links.text):
        assert viewer.get(address.removeprefix("http://127.0.0.1:8001")).status_code == 200
    rows = viewer.get(f"/cdx?url={URL}&output=json").json()
    assert rows[0][:3] == ["urlkey", "timestamp", "url"]
    assert len(rows) == 4
    assert viewer.get(f"/cdx?url={HOME}&matchType=host&limit=2").text.count("\n") == 2


def test_a_capture_far_from_the_date_asked_for_says_so(viewer: TestClient) -> None:
    sent = viewer.get(f"/web/2018/{URL}").headers["location"]
    assert re.fullmatch(rf"/web/20260301\d{{6}}/{URL}\?onrecord-asked-for=2018", sent)
    page = viewer.get(sent)
    assert "You asked for 2018; the nearest capture is 7 years later." in page.text
    stamp = _stamp(viewer)
    plain = viewer.get(f"/web/{stamp}/{URL}")
    assert "You asked for" not in plain.text
    for name in ("memento-datetime", "link"):
        assert page.headers[name] == plain.headers[name]
    assert "onrecord-asked-for" not in page.text
    assert viewer.get(f"/web/2018if_/{URL}").headers["location"] == f"/web/{stamp}if_/{URL}"
    assert viewer.get(f"/web/20260301/{URL}").headers["location"] == f"/web/{stamp}/{URL}"
    assert viewer.get(f"/web/2026/{URL}").headers["location"] == f"/web/{stamp}/{URL}"


def test_an_archived_query_stays_before_the_date_asked_for(viewer: TestClient) -> None:
    url = f"{HOME}/news/5?q=%22%3E%3Cscript%3Ealert(12)%3C/script%3E"
    sent = viewer.get(f"/web/2018/{url}").headers["location"]
    assert sent.endswith("&onrecord-asked-for=2018")
    assert "You asked for 2018" in viewer.get(sent).text


def test_the_banner_tells_portal_time_and_utc_to_the_second(viewer: TestClient) -> None:
    text = viewer.get(f"/web/{_stamp(viewer)}/{URL}").text
    assert re.search(r">2026-03-01 1\d:\d\d:\d\d \+04 \(2026-03-01 0\d:\d\d:\d\d UTC\)</time>", text)


@pytest.mark.parametrize(
    ("stamp", "said"),
    [
        ("2018", "7 years later"),
        ("2026", None),
        ("2027", "10 months earlier"),
        ("202602", None),
        ("202512", "1 month later"),
        ("20260301", None),
        ("20260226", "2 days later"),
        ("20260303120000", "2 days earlier"),
        ("20260301090000", None),
        ("99990101", "7972 years earlier"),
        ("20261399", None),
    ],
)
def test_how_far_a_capture_is_from_what_was_asked_for(stamp: str, said: str | None) -> None:
    found = wished(stamp, datetime(2026, 3, 1, 8, tzinfo=UTC))
    assert (found.distance if found else None) == said
