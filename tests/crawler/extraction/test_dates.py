"""Which day a page names as its own, in words, figures and boxes, and which days it does not take."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.records import Article
from crawler.extraction import read
from crawler.extraction.date_text import find_dates, may_name_a_day

AT = datetime(2026, 11, 24, tzinfo=UTC)
TEXT = "".join(
    f"<p>{'The council met and talked about the budget of the coming year at some length. ' * 3}</p>" for _ in range(4)
)


def article(
    head: str = "", *, above: str = "", below: str = "", url: str = "http://portal.example/news/a", lang: str = "en"
) -> Article:
    body = f"<article><h1>Council meets on budget</h1>{above}{TEXT}{below}</article>"
    page = f"<html lang={lang}><head><title>Council meets on budget</title>{head}</head><body>{body}</body></html>"
    return read(page.encode(), url=url, content_type="text/html; charset=utf-8", at=AT).article


def published(**parts: str) -> str | None:
    found = article(**parts).datePublished
    return found.value if found else None


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "26 November 2018"),
        ("en", "November 26, 2018"),
        ("az", "26 noyabr 2018"),
        ("az", "26 Noyabr 2018-ci il"),
        ("ru", "26 ноября 2018 г."),
        ("tr", "26 Kasım 2018"),
        ("fr", "26 novembre 2018"),
        ("de", "26. November 2018"),
        ("ar", "26 نوفمبر 2018"),
        ("ar", "٢٦ نوفمبر ٢٠١٨"),
        ("es", "26 de noviembre de 2018"),
        ("uk", "26 листопада 2018"),
        ("ka", "26 ნოემბერი 2018"),
        ("az", "26.11.2018"),
        ("en", "2018-11-26"),
    ],
)
def test_the_day_beside_the_headline_is_read_in_many_languages(lang: str, words: str) -> None:
    assert published(above=f"<div class='info'>{words}</div>", lang=lang) == "2018-11-26"


def test_a_calendar_leaf_of_three_boxes_is_one_day() -> None:
    leaf = "<div class='datum'><span class='monat'>Feb</span>\n<span class='tag'>18</span><span class='jahr'>2009</span></div>"
    assert published(above=leaf, lang="de") == "2009-02-18"


@pytest.mark.parametrize("words", ["Stand: 09.10.2017", "[Stand - 09.10.2017, 01:40 Uhr]", "As of 9 October 2017"])
def test_the_day_a_text_stands_at_is_taken_where_no_other_is_named(words: str) -> None:
    found = article(below=f"<p class='foot'>{words}</p>", lang="de").datePublished
    assert found is not None
    assert (found.value, found.source, found.confidence) == ("2017-10-09", "text", 0.5)


def test_the_day_a_text_stands_at_gives_way_to_a_day_of_publication() -> None:
    both = "<p>Veröffentlicht am 03.10.2017</p>", "<p>Stand: 09.10.2017</p>"
    found = article(above=both[0], below=both[1], lang="de")
    assert found.datePublished is not None and found.datePublished.value == "2017-10-03"


@pytest.mark.parametrize(
    "words",
    ["(gültig seit: 05.11.2021)", "Deadline: 5 November 2021", "© 5 November 2021", "valid until 5 November 2021"],
)
def test_a_day_of_something_else_is_not_taken(words: str) -> None:
    assert published(above=f"<p>{words}</p>") is None


def test_a_day_of_the_future_is_not_taken() -> None:
    assert published(above="<div class='date'>26 November 2031</div>") is None


def test_a_system_s_day_that_the_page_does_not_bear_out_is_not_taken() -> None:
    head = "<meta name='date' content='2017-01-12'>"
    assert published(head=head) is None
    assert published(head=head, above="<p>12 January 2017</p>") == "2017-01-12"


def test_published_and_changed_stay_apart() -> None:
    head = (
        "<meta property='og:type' content='article'>"
        "<meta property='article:published_time' content='2018-11-26T10:00:00+04:00'>"
        "<meta property='article:modified_time' content='2018-11-27T09:00:00+04:00'>"
    )
    found = article(head)
    assert found.datePublished is not None and found.dateModified is not None
    assert (found.datePublished.value, found.dateModified.value) == ("2018-11-26T10:00:00+04:00", "2018-11-27T09:00:00+04:00")


def test_a_day_in_the_address_is_the_last_resort() -> None:
    found = article(url="http://portal.example/2018/11/26/budget").datePublished
    assert found is not None and (found.value, found.source) == ("2018-11-26", "url")


@pytest.mark.parametrize("words", ["12 March 2𝟎24", "١٢ March ٢٠٢٤", "12 March ２０２４"])
def test_digits_of_any_script_name_a_day(words: str) -> None:
    assert may_name_a_day(words)
    assert [found.day.isoformat() for found in find_dates(f"Published: {words}", language="en")] == ["2024-03-12"]
