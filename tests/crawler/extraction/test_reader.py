"""The door: any bytes in, a Reading out, in bounded time; the same bytes and rules give the same reading."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.digests import textprint
from crawler.extraction import EXTRACTOR, read
from crawler.extraction.carried import from_json, to_json
from crawler.portal import Portal
from tests.shared_data import ROOT, shared

URL = "http://portal.example/en/news/1"
PAGE = (ROOT / "tests/portals/gb/harbour-authority/wordpress-notice/page.html").read_bytes()
WORDS = "The committee agreed on the programme after a discussion that lasted three hours and heard eleven speakers. "


def portal(**layout: object) -> Portal:
    about = {"id": "p", "name": "P", "home": "http://portal.example/"}
    return Portal.model_validate({"schema": 1, "portal": about, "layout": [layout]})


def page(body: str, head: str = "<title>A headline of some length | Portal</title>") -> bytes:
    return f"<html lang=en><head>{head}</head><body>{body}</body></html>".encode()


def test_the_same_bytes_and_rules_give_the_same_reading_and_it_travels_between_processes() -> None:
    first, second = (read(PAGE, url=URL, content_type="text/html", at=datetime(2023, 1, 1, tzinfo=UTC)) for _ in range(2))
    assert first == second
    assert from_json(to_json(first)) == first
    assert first.extractor == EXTRACTOR


def test_the_rules_of_a_portal_name_the_reading_and_no_rules_have_a_name_too() -> None:
    plain = read(PAGE, url=URL, content_type=None)
    ruled = read(PAGE, url=URL, content_type=None, portal=portal(title="h1"))
    assert plain.rules != ruled.rules == portal(title="h1").rules_digest(EXTRACTOR)


def test_a_layout_chooses_title_container_date_breadcrumb_and_blocks() -> None:
    body = page(
        "<div class=kicker>Kept apart</div><div id=t>The chosen title</div><p class=d>Printed 03.02.2020</p>"
        "<div class=way>Here: A ;; B</div>"
        f"<div id=c><p>{WORDS * 3}</p><p class=ad>Buy this now, dear reader of the portal</p></div>"
        f"<div id=o><p>{WORDS * 5}</p></div>"
        "<div class=n><a href=/x>Some other page</a></div>"
    )
    rules = portal(
        title="#t",
        body={"selector": "#c", "prune": [".ad"]},
        published={"selector": ".d"},
        breadcrumb={"text_after": "Here:", "split": ";;"},
        block=[{"kind": "related", "selector": ".n"}],
    )
    article = read(body, url=URL, content_type=None, portal=rules).article
    assert article.headline == "The chosen title"
    assert article.articleBody.count("committee") == 3
    assert "Buy this" not in article.articleBody
    assert article.datePublished is not None
    assert article.datePublished.value == "2020-02-03"
    assert article.breadcrumbs == ("A", "B")
    assert [(link.kind, link.title) for link in article.links] == [("related", "Some other page")]


def test_an_old_capture_is_read_by_the_layout_of_its_day() -> None:
    both = Portal.model_validate(
        {
            "schema": 1,
            "portal": {"id": "p", "name": "P", "home": "http://portal.example/"},
            "layout": [{"valid_until": "2020-01-01", "title": "#old"}, {"title": "#new"}],
        }
    )
    body = page(f"<div id=old>The old place</div><div id=new>The new place</div><p>{WORDS * 4}</p>")
    old, new = (read(body, url=URL, content_type=None, portal=both, at=datetime(y, 1, 1, tzinfo=UTC)) for y in (2019, 2021))
    assert (old.article.headline, new.article.headline) == ("The old place", "The new place")


def test_boilerplate_is_no_body_at_its_ends_and_stays_between_the_article_s_own_words() -> None:
    love = "<p>The portal is made with love for you.</p>"
    body = page(f"<article><h1>A headline of some length</h1>{love}<p>{WORDS * 3}</p>{love}<p>{WORDS * 2}</p>{love}</article>")
    rules = portal(boilerplate=["The portal is made with love for you."])
    assert read(body, url=URL, content_type=None).article.articleBody.count("made with love") == 3
    assert read(body, url=URL, content_type=None, portal=rules).article.articleBody.count("made with love") == 1


def test_a_headline_that_most_pages_share_is_none() -> None:
    head = "<title>The council met on Monday | Portal</title>"
    body = page(f"<h1>Our newsroom</h1><h2>A subtitle</h2><article><p>{WORDS * 3}</p></article>", head)
    rules = portal(boilerplate=["Our newsroom"])
    assert read(body, url=URL, content_type=None).article.headline == "Our newsroom"
    assert read(body, url=URL, content_type=None, portal=rules).article.headline == "The council met on Monday"


def test_outlinks_are_absolute_http_addresses_once_each() -> None:
    body = page(
        '<base href="http://b.example/x/"><a href="y#f">1</a><a href="y">2</a><a href="mailto:a@b">3</a>'
        '<a href="//c.example/">4</a>'
    )
    assert read(body, url=URL, content_type=None).outlinks == ("http://b.example/x/y", "http://c.example/")


def test_a_nesting_of_100_000_loses_no_text_and_is_told() -> None:
    first, inner, last = (f"{word} {WORDS * 2}" for word in ("First", "Inner", "Last"))
    deep = "<div>" * 100_000 + f"<p>{inner}</p>" + "</div>" * 100_000
    started = time.monotonic()
    found = read(page(f"<p>{first}</p>{deep}<p>{last}</p>"), url=URL, content_type=None)
    assert time.monotonic() - started < 30
    assert [word for word in ("First", "Inner", "Last") if f"{word} The committee" not in found.article.articleBody] == []
    assert any(warning.startswith("depth") for warning in found.warnings)


UNITS = (
    b"<p>word word</p>\n",
    b"<a href=/x>",
    b"<td>x",
    b"x" * 99,
    b"<p class=breadcrumb>A \xc2\xbb ",
    b"<tr><td>a</td><td>b</td></tr>",
    b"<p>It said so <b>then</b>. <a href=/y>More</a> 5 May 2020.</p>",
    b"<h1>A headline of some length</h1>",
    b"<p>\xe2\x80\x9eWe did it\xe2\x80\x9c, said John Smith. ",
    b"a | ",
    b"<p style='display:none'>word</p>",
)


@pytest.mark.parametrize("line", ["<p class=crumb>Step » ", "<p style='display:none'>Step</p>"], ids=["shown", "hidden"])
def test_a_page_of_very_many_lines_is_read_without_a_second_opinion_and_says_so(line: str) -> None:
    lines = line * 9000
    started = time.process_time()
    found = read(page(lines), url=URL, content_type=None)
    assert time.process_time() - started < 15
    assert "size: more than 5,000 pieces of text, read in one way only" in found.warnings


@pytest.mark.parametrize(
    "unit",
    [
        b"&amp;<b>",
        *(pytest.param(unit, marks=pytest.mark.long) for unit in UNITS),
    ],
)
def test_20_megabytes_are_read_in_bounded_time_with_a_warning(unit: bytes) -> None:
    body = b"<html><body>" + unit * (20_000_000 // len(unit)) + b"</body></html>"
    started = time.monotonic()
    found = read(body, url=URL, content_type="text/html")
    assert time.monotonic() - started < 120
    assert any(warning.startswith(("size", "depth")) for warning in found.warnings)


def test_nuls_surrogates_and_control_characters_are_dropped_and_told() -> None:
    body = page(f"<h1>A head\x00line of some length</h1><p>\x01{WORDS * 4}&#xD800;&#0;</p>")
    found = read(body, url=URL, content_type="text/html; charset=utf-8")
    assert found.article.headline == "A headline of some length"
    assert any(warning.startswith("control") for warning in found.warnings)


@pytest.mark.parametrize("body", [b"", b" ", b"\x00" * 100, b"<", b"<!--", b"{}", b"<html>", b"<html><frameset><frame src=a>"])
def test_what_holds_no_page_is_an_empty_article(body: bytes) -> None:
    assert read(body, url=URL, content_type="text/html").article.articleBody == ""


def mutated(body: bytes, rng: random.Random) -> bytes:
    data = bytearray(body)
    for _ in range(rng.randint(1, 30)):
        at = rng.randrange(len(data))
        match rng.randrange(5):
            case 0:
                data[at] = rng.randrange(256)
            case 1:
                del data[at : at + rng.randint(1, 200)]
            case 2:
                data[at:at] = rng.choice(
                    [b"<", b">", b"\x00", b"</div>", b"<table>", b"<!--", b"\xff\xfe", b'"', b"&#x110000;", b"<svg>"]
                )
            case 3:
                data[at:at] = data[: rng.randint(1, 500)]
            case _:
                data[at : at + 20] = bytes(rng.randrange(256) for _ in range(20))
    return bytes(data)


@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.long)])
def test_mutated_pages_never_break_the_reader(count: int) -> None:
    rng = random.Random(4)
    pages = [path.read_bytes() for path in sorted((ROOT / "tests/portals").glob("*/*/*/page.html"))]
    for _ in range(count):
        read(
            mutated(rng.choice(pages), rng), url=URL, content_type=rng.choice(["text/html", None, "text/html; charset=koi8-r"])
        )


def seed() -> bytes:
    return (shared("seed") / "page.html").read_bytes()


def test_the_seed_page_is_read_whole_without_any_portal_file() -> None:
    article = read(seed(), url="http://portal.example.az/en/organisations/view/5631", content_type="text/html").article
    assert article.headline == "Azerbaijan`s new cooperation initiatives: Three historic features of President`s Belarus visit"
    assert article.articleSection == "International organisations"
    assert article.dateline is not None
    assert (article.dateline.place, article.dateline.date) == ("Baku", "2018-11-26")
    assert article.datePublished is not None
    assert (article.datePublished.value, article.datePublished.source) == ("2018-11-26", "dateline")
    text = seed().decode()
    paragraphs = text[text.index('<div class="text">') : text.index("<h3>Related")].count("<p")
    assert len(article.blocks) == paragraphs == 22
    assert sum(block.kind == "heading" for block in article.blocks) == 2
    for furniture in ("You are here", "Line Spacing", "0 comment", "Print", "↳", "Related articles", "Visitors", "quagmire"):
        assert furniture not in article.articleBody
    related = [(link.lang, link.title) for link in article.links if link.kind == "related"]
    assert [lang for lang, _ in related] == ["en", "en", "az", "az"]
    press = [(link.outlet, link.date) for link in article.links if link.kind == "foreign_press"]
    assert press == [("The Washington Times", "2019-03-25"), ("The Hill", "2018-09-24")]
    cited = [(link.title, link.outlet, link.date) for link in article.links if link.kind == "citation"]
    assert cited == [
        ("Azerbaijani, Belarus presidents made press statements", "AZERTAC", "2018-11-19"),
        ("Azerbaijani, Belarus presidents held expanded meeting", "AZERTAC", "2018-11-19"),
    ]
    assert article.quotes[0].speaker == "President of Azerbaijan"


@pytest.mark.parametrize(
    "path", sorted(Path(ROOT / "tests/portals").glob("*/*/*/page.html"))[:3], ids=lambda path: path.parent.name
)
def test_reading_needs_no_clock(path: Path) -> None:
    assert read(path.read_bytes(), url=URL, content_type=None).article.articleBody


def test_half_a_surrogate_pair_is_no_letter() -> None:
    stated = '{"@type": "NewsArticle", "headline": "A budget \\ud83d for the schools", "author": "A. \\udc00 Author"}'
    body = f'<html><head><script type="application/ld+json">{stated}</script></head><body><p>Words.</p></body></html>'
    reading = read(body.encode(), url=URL, content_type=None)
    assert reading.article.headline == "A budget \ufffd for the schools"
    assert reading.article.authors == ("A. \ufffd Author",)
    assert reading.textprint == textprint(reading.article)
    assert from_json(to_json(reading)) == reading


@pytest.mark.parametrize("data", [b"", b"{}", b"null", b"[1]", b'{"article": {"url": 5}}', b"\x80\x04K\x01."])
def test_what_is_no_reading_is_not_taken_for_one(data: bytes) -> None:
    with pytest.raises(ValueError):
        from_json(data)


def test_an_href_without_a_host_means_the_page_it_stands_on() -> None:
    body = page("<p>Words.</p><a href='http://'>here</a><a href='//'>there</a><a href='/\t/'>x</a><a href='/news/9'>nine</a>")
    first, second = (read(body, url=f"http://a.example/{name}", content_type=None).outlinks for name in ("first", "second"))
    assert [url for url in first if url.endswith("first")] and not any("first" in url for url in second)
    assert "http://a.example/news/9" in first
    assert "http://a.example/news/9" in second


def test_a_bold_line_in_the_head_cell_of_a_layout_table_is_a_heading() -> None:
    text = "".join(f"<p>This is paragraph number {n} of the text. {WORDS}</p>" for n in range(6))
    head = "An introduction that goes on for a while<br><b>What the minister said then</b><br>and more"
    body = page(f"<article><table><tr><th>{head}</th></tr><tr><td>{text}</td></tr></table></article>")
    blocks = read(body, url=URL, content_type=None).article.blocks
    assert [block.kind for block in blocks if block.text == "What the minister said then"] == ["heading"]


@pytest.mark.parametrize(
    ("signed", "authors"),
    [
        ("Max Neuvians, développeur", ("Max Neuvians",)),
        ("Aaron Snow, CEO", ("Aaron Snow",)),
        ("Jan Jansen, van der Berg", ("Jan Jansen", "van der Berg")),
        ("Leyla Aliyeva, Rauf Məmmədov", ("Leyla Aliyeva", "Rauf Məmmədov")),
    ],
)
def test_what_an_author_is_does_not_sign(signed: str, authors: tuple[str, ...]) -> None:
    reading = read(
        page(f"<p>{WORDS}</p>", f'<title>A headline</title><meta name="author" content="{signed}">'), url=URL, content_type=None
    )
    assert reading.article.authors == authors
