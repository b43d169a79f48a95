"""What runs tell about themselves comes back as it was told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from archive.records import Discovery, Exchange, Sighting, Visit
from archive.testimony import Told, dump_visits, first_of, kind_of, load_visits, urn

AT = datetime(2026, 11, 24, 12, 0, 0, 123456, UTC)


def unasked(uri: str) -> tuple[str, datetime]:
    raise AssertionError(f"{uri} was not needed")


def test_visits_come_back_as_they_were_told() -> None:
    told = [
        Told(
            "run1",
            Visit(
                "http://gov.example/a",
                "article",
                AT,
                "content",
                discovery=Discovery("feed", "http://gov.example/rss"),
                sightings=(Sighting("http://gov.example/b", 0, "News", "Ə\u2028title", None),),
                basis="read",
            ),
            ("urn:uuid:1", "urn:uuid:2"),
        ),
        Told("run1", Visit("http://gov.example/c", "hub", AT, "no_answer", error="DNS: no such host\nx"), ()),
    ]
    assert list(load_visits(dump_visits(told), unasked)) == told


def test_the_bytes_of_a_304_are_kept_in_the_batch_as_they_came() -> None:
    raw = b'HTTP/1.1 304 Nicht ge\xe4ndert\r\neTaG: "x"\r\n\r\n'
    visit = Visit("http://gov.example/a", "article", AT, "not_modified", (Exchange("http://gov.example/a", AT, b"", raw),))
    (told,) = load_visits(dump_visits([Told("run1", visit, ("urn:uuid:1",))]), lambda uri: (visit.url, AT))
    assert told.not_modified == {0: raw}


def test_a_target_names_its_kind_and_other_targets_none() -> None:
    assert kind_of(urn("run", "20261124-1")) == ("run", "20261124-1")
    assert kind_of("http://gov.example/") is None
    assert kind_of(None) is None


def test_what_the_records_say_is_not_said_again() -> None:
    def look(path: str, at: datetime) -> Visit:
        url = f"http://gov.example/{path}"
        exchange = Exchange(url.replace("#top", ""), at, b"", b"HTTP/1.1 200 OK\r\n\r\n")
        return Visit(url, "article", at, "content", (exchange,), basis="same_bytes")

    later = AT + timedelta(seconds=1)
    visits = [look("a", AT), look("b", later), look("c#top", later)]
    body = dump_visits([Told("run1", visit, (f"urn:uuid:{n}",)) for n, visit in enumerate(visits)])
    rows = [json.loads(row) for row in body.splitlines()]
    assert [sorted({"url", "at", "run"} & set(row)) for row in rows] == [["at", "run"], [], ["url"]]
    assert first_of(body) == ("run1", AT.isoformat())
    said = {f"urn:uuid:{n}": (visit.exchanges[0].url, visit.at) for n, visit in enumerate(visits)}
    told = list(load_visits(body, said.__getitem__))
    assert [item.visit for item in told] == [replace(visit, exchanges=()) for visit in visits]
    assert {item.run for item in told} == {"run1"}
