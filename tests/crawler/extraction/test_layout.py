"""Each key of a portal's `[[layout]]` that general rules do not answer better: what it says is done."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from archive.records import Article
from crawler.extraction import EXTRACTOR, read
from crawler.portal import Portal
from tests.crawler.extraction.test_reader import URL, WORDS, page

HEAD = (
    '<title>A headline of some length</title><meta property="article:published_time" content="2020-01-10">'
    '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2020-02-11"}</script>'
)
DATED = page(
    "<article><h1>A headline of some length</h1><p><time>12 March 2020</time></p><p class=own>Nr. 4/05/20</p>"
    f"<p>Baku, 13 April 2020 – {WORDS * 4}</p></article>",
    HEAD,
)


def portal(*, noise: object = None, **layout: object) -> Portal:
    about = {"id": "p", "name": "P", "home": "http://portal.example/"}
    return Portal.model_validate({"schema": 1, "portal": about, "layout": [layout], "noise": noise or {}})


def article(body: bytes, rules: Portal, url: str = URL) -> Article:
    return read(body, url=url, content_type=None, portal=rules).article


def published(**rule: object) -> tuple[str, str] | None:
    date = article(DATED, portal(published=rule), "http://portal.example/2020/06/15/news").datePublished
    return (date.value, date.source) if date else None


@pytest.mark.parametrize(
    ("place", "day", "source"),
    [
        ("json-ld", "2020-02-11", "json-ld"),
        ("meta", "2020-01-10", "meta"),
        ("time", "2020-03-12", "time"),
        ("dateline", "2020-04-13", "dateline"),
        ("url", "2020-06-15", "url"),
    ],
)
def test_the_date_is_taken_from_where_the_file_says_first(place: str, day: str, source: str) -> None:
    others = [other for other in ("json-ld", "meta", "time", "dateline", "url") if other != place]
    assert published(**{"from": [place, *others]}) == (day, source)


def test_a_place_without_a_date_leaves_it_to_the_next_and_one_not_named_is_not_believed() -> None:
    assert published(**{"from": ["selector", "dateline"], "selector": ".nothing"}) == ("2020-04-13", "dateline")
    assert published(**{"from": ["selector"], "selector": ".nothing"}) is None
    assert published(selector=".nothing") == ("2020-02-11", "json-ld")


@pytest.mark.parametrize(
    ("pattern", "day"), [("M/dd/yy", "2020-04-05"), ("d/MM/yy", "2020-05-04"), ("'Nr.' d/MM/yy", "2020-05-04")]
)
def test_a_format_says_which_figure_is_the_month(pattern: str, day: str) -> None:
    assert published(selector=".own", formats=[pattern]) == (day, "text")


@pytest.mark.parametrize(
    ("written", "pattern", "locale", "day"),
    [
        ("26 noyabr 2018", "D MMMM YYYY", "az", "2018-11-26"),
        ("Понедельник, 26 ноября 2018", "EEEE, d MMMM yyyy", "ru", "2018-11-26"),
        ("Nov 6, 98", "MMM d, yy", "en", "1998-11-06"),
        ("2018/26/11", "yyyy/dd/MM", "en", "2018-11-26"),
    ],
)
def test_formats_and_locales_read_what_the_page_writes(written: str, pattern: str, locale: str, day: str) -> None:
    body = page(f"<h1>A headline of some length</h1><p class=d>{written}</p><article><p>{WORDS * 4}</p></article>")
    found = article(body, portal(published={"selector": ".d", "formats": [pattern], "locales": [locale]})).datePublished
    assert found is not None
    assert (found.value, found.raw) == (day, written)


def test_a_format_alone_finds_the_day_beside_the_headline() -> None:
    body = page(f"<h1>A headline of some length</h1><p>Nr. 4/05/20</p><article><p>{WORDS * 4}</p></article>")
    found = article(body, portal(published={"formats": ["M/dd/yy"]})).datePublished
    assert found is not None and found.value == "2020-04-05"


@pytest.mark.parametrize(
    "layout",
    [
        {"published": {"from": ["jsonld"]}},
        {"published": {"from": ["meta"], "selector": ".d"}},
        {"published": {"dateline": r"^(\w+),"}},
        {"published": {"formats": ["MMMM YYYY"]}},
        {"published": {"formats": ["DD.MM.YYYY D"]}},
        {"block": [{"kind": "related"}]},
        {"block": [{"kind": "related", "heading": {"any": True}}]},
        {"block": [{"kind": "related", "selector": ".n", "item": {"fields": ["title"]}}]},
        {"block": [{"kind": "related", "selector": ".n", "item": {"fields": ["date", "outlet"]}}]},
    ],
)
def test_what_could_not_be_done_is_refused(layout: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        portal(**layout)


PRESS = (
    "<div class=press><h3>Foreign press</h3>"
    "<div><p>The Guardian of the Coast</p><p><a href=/a>Talks on the strait begin again</a></p><p>25 November 2018</p>"
    "<p>Both sides met for the first time in years.</p></div>"
    "<div><p>Die Wochenschau</p><p><a href=/b>Gespräche über die Meerenge</a></p><p>24 November 2018</p>"
    "<p>Erstmals seit Jahren saßen beide Seiten an einem Tisch.</p></div></div>"
)


def test_the_parts_of_an_item_come_in_the_order_the_file_states() -> None:
    body = page(f"<article><h1>A headline of some length</h1><p>{WORDS * 4}</p></article>{PRESS}")
    item = {"fields": ["outlet", "headline", "date", "lead"]}
    rules = portal(block=[{"kind": "foreign_press", "heading": "Foreign press", "item": item}])
    links = [link for link in article(body, rules).links if link.kind == "foreign_press"]
    assert [(link.title, link.outlet, link.date) for link in links] == [
        ("Talks on the strait begin again", "The Guardian of the Coast", "2018-11-25"),
        ("Gespräche über die Meerenge", "Die Wochenschau", "2018-11-24"),
    ]
    assert links[0].lead == "Both sides met for the first time in years."


def test_a_block_known_by_its_language_needs_a_heading_unless_any_is_said() -> None:
    links = "".join(f"<li><a href=/az/{n}>Nazirlik yeni məktəbin açılışını elan etdi {n}</a></li>" for n in range(3))
    body = page(f"<main><h1>A headline of some length</h1><p>{WORDS * 4}</p><div class=y><p><a href=/en/5>The bill</a></p>"
                f"<p>and more</p><ul>{links}</ul></div></main>")  # fmt: skip
    kinds = {
        any_: [link.kind for link in article(body, portal(block=[_by_language(any_)])).links if link.url and "/az/" in link.url]
        for any_ in (True, False)
    }
    assert kinds[True] == ["foreign_press"] * 3
    assert "foreign_press" not in kinds[False]


def _by_language(any_: bool) -> dict[str, object]:
    return {"kind": "foreign_press", "heading": {"lang": "az", "any": any_}}


def test_what_noise_selectors_find_is_no_part_of_the_reading_and_part_of_the_rules() -> None:
    ticker = "<p class=ticker>Temperature in the capital today: 21 degrees, wind from the north at 4 metres a second.</p>"
    body = page(f"<article><h1>A headline of some length</h1><p>{WORDS * 2}</p>{ticker}<p>{WORDS * 2}</p></article>")
    plain, ruled = portal(), portal(noise={"selectors": [".ticker"]})
    assert "Temperature" in article(body, plain).articleBody
    assert "Temperature" not in article(body, ruled).articleBody
    assert plain.rules_digest(EXTRACTOR) != ruled.rules_digest(EXTRACTOR)
    assert portal(noise={"lines": ["^x$"]}).rules_digest(EXTRACTOR) == plain.rules_digest(EXTRACTOR)
