"""Languages, time zones, names and furniture: what says so, and what is not enough."""

from __future__ import annotations

import pytest

from archive.records import Article, Reading
from crawler.discovery.furniture import repeated_lines, volatile_selectors
from crawler.discovery.languages import language_homes, language_of, url_language
from crawler.discovery.naming import distinct_names, portal_id, portal_name
from crawler.discovery.proposal import Sample
from crawler.discovery.timezones import choose_zone, country_of
from crawler.listings.links import ParsedPage, parse_page

URL = "https://portal.example.az/"


def page(html: str, url: str = URL) -> ParsedPage:
    return parse_page(html.encode(), url=url, content_type="text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<html lang='az-Latn'><p>x", "az"),
        ("<html xml:lang=ru><p>x", "ru"),
        ("<meta http-equiv=Content-Language content=en><p>x", "en"),
        ("<meta property='og:locale' content='fr_CA'><p>x", "fr"),
        ("<html lang=xx-klingon><p>x", None),
        ("<p>" + "Министр открыл новый мост в столице области и поблагодарил строителей. " * 3, "ru"),
    ],
)
def test_a_page_states_its_language_or_its_words_tell_it(html: str, expected: str | None) -> None:
    assert language_of(page(html)) == expected


def test_other_languages_are_where_links_say_so() -> None:
    html = (
        '<link rel=alternate hreflang=ru href="/ru/"><link rel=alternate hreflang=x-default href="/">'
        '<a href="/az/">Azərbaycanca</a> <a hreflang=tr href="/site?lang=tr">Türkçe</a> <a href="/de/">DE</a>'
        '<a href="/eu/">Basque</a><a href="/zz/">ZZ</a><a href="https://other.example/fr/">FR</a><a href="/page/">Page</a>'
    )
    homes = language_homes(page(html))
    assert {code: homes[code] for code in ("ru", "az", "tr", "de")} == {
        "ru": URL + "ru/", "az": URL + "az/", "tr": URL + "site?lang=tr", "de": URL + "de/",
    }  # fmt: skip
    assert not {"fr", "zz", "pa", "x"} & set(homes)


def test_an_address_names_its_language_by_folder_or_argument() -> None:
    assert url_language(URL + "en/news/1", ("az", "en")) == "en"
    assert url_language(URL + "news.php?lang=az&id=1", ("az", "en")) == "az"
    assert url_language(URL + "news/1", ("az", "en")) is None


@pytest.mark.parametrize(
    ("host", "tags", "dates", "zone", "asked"),
    [
        ("portal.example.az", (), ["2018-11-26T10:00:00+04:00"], "Asia/Baku", False),
        ("portal.example.az", (), [], "Asia/Baku", False),
        ("x.gov.uk", (), ["2018-07-01T10:00:00+01:00", "2018-01-01T10:00:00+00:00"], "Europe/London", False),
        ("x.gov", (), ["2018-07-01T10:00:00-04:00"], "America/New_York", False),
        ("x.gc.ca", (), [], "America/Toronto", True),
        ("127.0.0.1", ("en-CA", "fr-CA"), ["2018-07-01T10:00:00-04:00"], "America/Toronto", False),
        ("127.0.0.1", ("en-US",), ["2018-07-01T10:00:00+00:00"], "UTC", False),
        ("portal.example.org", (), ["2018-11-26T10:00:00+05:45"], "Asia/Kathmandu", False),
        ("portal.example.org", (), [], "UTC", False),
    ],
)
def test_the_zone_is_that_of_offsets_and_country(
    host: str, tags: tuple[str, ...], dates: list[str], zone: str, asked: bool
) -> None:
    found, others = choose_zone(country_of(host, tags), dates, ("en",))
    assert found.value == zone
    if asked:
        assert others
    assert zone not in others


def test_a_country_of_many_zones_is_asked_about_among_those_that_fit() -> None:
    found, others = choose_zone(country_of("x.gc.ca"), ["2018-07-01T10:00:00-07:00"])
    assert "America/Vancouver" in (found.value, *others)
    assert others
    assert "America/Toronto" not in (found.value, *others)


def test_an_id_comes_from_the_host() -> None:
    assert portal_id("https://www.gov.example/").value == "gov-example"
    assert portal_id("https://portal.example.az/en/").value == "example-az"
    assert portal_id("http://127.0.0.1:8900/").value == "127-0-0-1-8900"


def test_a_name_is_what_titles_share() -> None:
    titles = ("Home", "News | Politics", "A minister speaks")
    pages = [page(f"<title>{title} - Ministry of Works</title>") for title in titles]
    assert portal_name(pages[0], pages).value == "Ministry of Works"
    assert portal_name(page("<meta property='og:site_name' content='The Portal'>"), []).value == "The Portal"
    assert portal_name(page("<p>x"), []).value == "portal.example.az"


def test_sections_of_one_name_are_told_apart_by_language() -> None:
    names = distinct_names([("Blog", "en"), ("Blog", "fr"), ("blog", None), ("News", None)])
    assert names == ["Blog", "Blog (fr)", "blog (2)", "News"]


def sample(body: str) -> Sample:
    return Sample(URL, Reading(Article(URL, articleBody=body), "page", "", "", ""), "test")


def test_short_lines_on_nearly_every_article_are_furniture_whatever_their_numbers() -> None:
    own = "The ministry said on Monday that the commission would meet again next month to discuss the draft of number "
    found = repeated_lines([sample(f"{n} comments\n\n{own}{chr(97 + n) * 9}\n\nPrint") for n in range(5)])
    assert {item.value for item in found} == {r"^\d+ comments$", "^Print$"}
    assert {(item.hits, item.of) for item in found} == {(5, 5)}


def test_bodies_that_are_alike_are_no_furniture() -> None:
    assert repeated_lines([sample("All quiet today.\n\nNothing to report.") for _ in range(5)]) == ()


def test_few_samples_say_nothing() -> None:
    assert repeated_lines([sample("Print\n\nsome other text that is long") for _ in range(3)]) == ()


def test_what_differs_on_two_fetches_is_named_by_its_nearest_id_or_class() -> None:
    html = (
        "<div id=visitors><b>{a}</b> visitors</div><p class=clock>{b}</p><main><p>{c}</p>" + "<p>The text.</p>" * 30 + "</main>"
    )
    first = page(html.format(a=1, b="10:00", c="The same"))
    second = page(html.format(a=2, b="10:01", c="The same"))
    assert {item.value for item in volatile_selectors(first, second)} == {"#visitors", ".clock"}
    assert volatile_selectors(first, first) == ()
