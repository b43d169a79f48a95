"""An article comes out of the record as it went in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import Article, Aside, Block, Dateline, Image, Quote, RelatedLink, StatedDate
from archive.stored import from_columns, to_columns

FULL = Article(
    url="http://example.az/1",
    headline="Headline",
    description="Lead",
    articleBody="One.\n\nTwo.\n\nA\tB\nC\tD",
    blocks=(
        Block("paragraph", "One."),
        Block("quote", "Two.", "ru"),
        Block("table", "A\tB\nC\tD"),
        Block("heading", "not in the body"),
    ),
    datePublished=StatedDate("2018-11-26T18:40:00+04:00", "26.11.2018 18:40", "time", 0.9),
    dateModified=StatedDate("2018-11-27", "27.11.2018", "text", 0.5),
    authors=("A", "B"),
    inLanguage="az",
    breadcrumbs=("Home", "News"),
    articleSection="News",
    dateline=Dateline(None, "2018-11-26"),
    links=(
        RelatedLink("foreign_press", None, "T", "The Guardian", "2018-11-25", "en", "lead"),
        RelatedLink("body", "http://a.b/c"),
    ),
    images=(Image("http://a.b/i.jpg", "caption"),),
    quotes=(Quote("Words", "Speaker"),),
    asides=(Aside("related", None, "text"),),
    publisherNote="Corrected",
    canonicalUrl="http://example.az/one",
)


@pytest.mark.parametrize("article", [FULL, Article(url="http://example.az/2"), replace(FULL, dateline=Dateline("Baku", None))])
def test_what_goes_in_comes_out(article: Article) -> None:
    assert from_columns(to_columns(article)) == article


@given(st.lists(st.text(max_size=12), max_size=6))
def test_blocks_come_out_whatever_the_body_is(texts: list[str]) -> None:
    article = Article(
        "http://a.b/", articleBody="\n\n".join(texts[::2]), blocks=tuple(Block("paragraph", text) for text in texts)
    )
    assert from_columns(to_columns(article)) == article


@pytest.mark.parametrize(
    ("value", "day", "instant"),
    [
        ("2018-11-26T18:40:00+04:00", "2018-11-26", datetime(2018, 11, 26, 14, 40, tzinfo=UTC)),
        ("2018-11-26T00:30:00+04:00", "2018-11-26", datetime(2018, 11, 25, 20, 30, tzinfo=UTC)),
        ("2018-11-26", "2018-11-26", None),  # a date is no midnight
        ("2018-11-26T18:40:00", "2018-11-26", None),  # nor is a time without an offset an instant
    ],
)
def test_the_stated_day_is_kept_and_an_instant_only_where_one_is_stated(value: str, day: str, instant: datetime | None) -> None:
    columns = to_columns(Article("http://a.b/", datePublished=StatedDate(value, value, "meta", 1.0)))
    assert (columns["published_on"], columns["published_at"]) == (day, instant)


def test_the_body_is_stored_once() -> None:
    columns = to_columns(replace(FULL, articleBody=FULL.articleBody * 50, blocks=(Block("paragraph", FULL.articleBody * 50),)))
    assert len(str(columns["article"]["blocks"])) < 60
