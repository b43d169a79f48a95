"""What runs tell about themselves comes back as it was told."""

from __future__ import annotations

from datetime import UTC, datetime

from archive.records import Discovery, Exchange, Sighting, Visit
from archive.testimony import Told, dump_visits, kind_of, load_visits, urn

AT = datetime(2026, 11, 24, 12, 0, 0, 123456, UTC)


def test_visits_come_back_as_they_were_told() -> None:
    told = [
        Told(
            "v1",
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
        Told("v2", "run1", Visit("http://gov.example/c", "hub", AT, "no_answer", error="DNS: no such host\nx"), ()),
    ]
    assert list(load_visits(dump_visits(told))) == told


def test_the_bytes_of_a_304_are_kept_in_the_batch_as_they_came() -> None:
    raw = b'HTTP/1.1 304 Nicht ge\xe4ndert\r\neTaG: "x"\r\n\r\n'
    visit = Visit("http://gov.example/a", "article", AT, "not_modified", (Exchange("http://gov.example/a", AT, b"", raw),))
    (told,) = load_visits(dump_visits([Told("v1", "run1", visit, ("urn:uuid:1",))]))
    assert told.not_modified == {0: raw}


def test_a_target_names_its_kind_and_other_targets_none() -> None:
    assert kind_of(urn("run", "20261124-1")) == ("run", "20261124-1")
    assert kind_of("http://gov.example/") is None
    assert kind_of(None) is None
