"""From addresses to the expression they share, which leaves out what has the same shape and is something else."""

from __future__ import annotations

import re

import pytest

from crawler.discovery.shapes import escaped, generalise, grouped
from crawler.portal import path_and_query

HOST = "https://portal.example.az"
LANGUAGES = ("en", "az", "ru")


def rule(paths: list[str], others: tuple[str, ...] = ()) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    found = generalise(grouped([HOST + path for path in paths], LANGUAGES), LANGUAGES, [HOST + path for path in others])
    expression = re.compile(found.url)
    assert all(expression.search(path_and_query(HOST + path)) for path in paths)
    for other in others:
        path = path_and_query(HOST + other)
        assert not expression.search(path) or any(re.search(item, path) for item in found.exclude)
    return found.url, found.identity, found.exclude


NUMBERS = range(100, 109)


@pytest.mark.parametrize(
    ("paths", "expected", "identity"),
    [
        ([f"/en/news/{n}" for n in NUMBERS], r"^/(?P<lang>en|az|ru)/news/(?P<id>\d+)/?$", ()),
        ([f"/en/news/{n}/a-{n}-b" for n in NUMBERS], r"^/(?P<lang>en|az|ru)/news/(?P<id>\d+)/[^/?]+/?$", ("lang", "id")),
        ([f"/2018/11/26/a-{n}-b/" for n in NUMBERS], r"^/\d{4}/\d{1,2}/\d{1,2}/[^/?]+/?$", ()),
        ([f"/news/{n}-slug.html" for n in NUMBERS], r"^/news/(?P<id>\d{3,})[-_][^/?]+\.html/?$", ("id",)),
        ([f"/news/slug-{n}" for n in NUMBERS], r"^/news/[^/?]+[-_](?P<id>\d{3,})/?$", ("id",)),
        ([f"/index.php?id={n}&view=article" for n in NUMBERS], r"^/index\.php\?id=(?P<id>\d+)&view=article$", ()),
        ([f"/view?lang=az&id={n}" for n in NUMBERS], r"^/view\?id=(?P<id>\d+)&lang=(?P<lang>en|az|ru)$", ()),
        ([f"/news/{n:032x}" for n in range(0xA1B2C3D4E5F60, 0xA1B2C3D4E5F65)], r"^/news/(?P<id>[0-9A-Fa-f-]+)/?$", ()),
        ([f"/press-releases/word{'s' * n}" for n in range(9)], r"^/press-releases/[^/?]+/?$", ()),
    ],
)
def test_an_expression_names_what_varies(paths: list[str], expected: str, identity: tuple[str, ...]) -> None:
    assert rule(paths)[:2] == (expected, identity)


def test_a_main_language_without_a_folder_shares_the_rule_of_the_others() -> None:
    paths = [f"{lang}/news/title-{'x' * n}" for lang in ("", "/ru", "/en") for n in range(4)]
    assert rule(paths)[0] == r"^/(?:(?P<lang>en|az|ru)/)?news/[^/?]+/?$"


def test_three_sections_make_any_section_where_a_number_tells_articles() -> None:
    paths = [f"/{section}/{n}" for section in ("politics", "economy", "sport") for n in NUMBERS]
    assert rule(paths)[0] == r"^/[^/?]+/(?P<id>\d+)/?$"


def test_but_only_if_no_other_page_would_match() -> None:
    paths = [f"/{section}/{n}" for section in ("politics", "economy", "sport") for n in NUMBERS]
    assert rule(paths, ("/page/3", "/page/4"))[0] == r"^/(?:economy|politics|sport)/(?P<id>\d+)/?$"


def test_static_pages_of_the_same_shape_are_excluded_by_name() -> None:
    _, _, exclude = rule([f"/minister-opens-{'x' * n}/" for n in range(9)], ("/about-us/", "/contact/"))
    assert exclude == ("^/about-us/?$", "^/contact/?$")


def test_two_articles_with_one_number_leave_the_address_as_the_name() -> None:
    assert rule([f"/en/news/{n % 5 + 100}/slug-{n}" for n in range(10)])[1] == ()


def test_new_words_dates_and_numbers_keep_matching() -> None:
    expression = re.compile(rule([f"/en/2018/11/26/a-{n}-b/" for n in NUMBERS])[0])
    assert expression.search("/az/2031/1/2/a-word-never-seen/")
    assert not expression.search("/az/2031/1/2/")
    assert not expression.search("/az/2031/1/2/slug/print")


def test_an_escaped_text_stays_readable() -> None:
    assert escaped("press-releases & notes") == "press-releases & notes"
    assert re.fullmatch(escaped("a.b+c (d) [e] {f} ^$ \\d"), "a.b+c (d) [e] {f} ^$ \\d")
