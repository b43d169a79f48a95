"""Since you last looked: a mark in the reader's browser or a word in the address, and nothing kept here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine
from starlette.testclient import TestClient

from archive.web.looked import COOKIE
from tests.archive.story import START


def test_the_first_look_leaves_a_mark_and_says_nothing(viewer: TestClient) -> None:
    first = viewer.get("/")
    assert "Since you last looked" not in first.text
    said = first.headers["set-cookie"]
    assert said.startswith(f"{COOKIE}=")
    assert "HttpOnly" in said
    assert "SameSite=Lax" in said
    assert first.headers["vary"].count("Cookie") == 1


def test_the_next_look_counts_what_changed_meanwhile_and_leads_to_it(viewer: TestClient) -> None:
    with time_machine.travel(START + timedelta(hours=2), tick=False):
        viewer.get("/")
    with time_machine.travel(START + timedelta(days=4), tick=False):
        again = viewer.get("/")
        assert "Since you last looked, <time" in again.text
        assert ">2 edited</a>" in again.text
        assert ">1 gone</a>" in again.text
        assert ">0 " not in again.text.partition("Since you last looked")[2].partition("</p>")[0]
        link = again.text.partition("Since you last looked")[2].partition('href="')[2].partition('"')[0].replace("&amp;", "&")
        assert "2 edited" in again.text
        assert len(viewer.get(link.replace("/changes", "/changes.json")).json()) == 2
    with time_machine.travel(START + timedelta(days=4, minutes=10), tick=False):
        assert ">2 edited</a>" in viewer.get("/").text  # the same look: going home does not empty the list
    with time_machine.travel(START + timedelta(days=5), tick=False):
        assert "nothing changed" in viewer.get("/").text


def test_a_mark_that_nobody_here_made_is_no_mark(viewer: TestClient) -> None:
    for value in ("x", "1-", "99999999999-1", "-1-5", "9" * 40, "<script>"):
        answer = viewer.get("/", headers={"cookie": f"{COOKIE}={value}"})
        assert answer.status_code == 200
        assert "Since you last looked" not in answer.text


def test_an_address_says_since_when_and_the_twin_counts_the_same(viewer: TestClient) -> None:
    page = viewer.get("/?since=2026-03-02")
    assert "set-cookie" not in page.headers
    assert "Since <time" in page.text
    told = viewer.get("/index.json?since=2026-03-02").json()["since"]
    assert told["at"] == "2026-03-01T20:00:00+00:00"  # the portal's day
    assert (told["edited"], told["gone"], told["moved"]) == (2, 1, 1)
    assert viewer.get("/index.json").json()["since"] is None
    assert viewer.get("/?since=soon").status_code == 400
    assert datetime.now(UTC) > START
