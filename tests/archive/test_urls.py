"""Addresses that are one page have one key, others have not."""

from __future__ import annotations

import pytest
import surt as judge
from hypothesis import given
from hypothesis import strategies as st

from archive.urls import canonical_url, page_key, urlkey

SAME = [
    ("http://example.az/en/news/", "https://www.example.az/en/news"),
    ("http://example.az/en/news?b=2&a=1", "http://example.az:80/en/news?a=1&b=2#top"),
    ("http://example.az/a?utm_source=x&fbclid=y&id=5", "http://example.az/a?id=5"),
    ("http://example.az/xəbər", "http://example.az/x%C9%99b%c9%99r"),
    ("http://example.az/Pages/News.aspx", "http://example.az/pages/news.aspx"),
    ("http://example.az/a;jsessionid=0AAB.n1?id=5", "http://example.az/a?id=5"),
    ("http://example.az/a?PHPSESSID=0123456789abcdef0123456789abcdef", "http://example.az/a"),
    ("https://пример.рф/новости", "https://xn--e1afmkfd.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8"),
]
OTHER = [
    ("http://example.az/news?session=2018", "http://example.az/news?session=2019"),
    ("http://example.az/news?id=5", "http://example.az/news?id=6"),
    ("http://example.az/event?eid=5", "http://example.az/event"),
    ("http://example.az:8080/", "http://example.az/"),
    ("http://example.az/view?5631", "http://example.az/view?5632"),
    ("http://en.example.az/", "http://example.az/"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_of_an_address_are_one_page(one: str, other: str) -> None:
    assert urlkey(one) == urlkey(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_addresses_of_different_things_stay_apart(one: str, other: str) -> None:
    assert urlkey(one) != urlkey(other)


@given(
    st.sampled_from(["http", "https"]),
    st.sampled_from(["example.az", "www.example.az", "EXAMPLE.az:8080", "пример.рф"]),
    st.lists(st.text(alphabet="abcXYZ019-_.~%əи +;=@", max_size=6), max_size=4),
    st.lists(st.tuples(st.text(alphabet="abid_", min_size=1, max_size=4), st.text(alphabet="aZ0%ə /", max_size=4)), max_size=4),
)
def test_the_canonical_form_is_stable_and_keeps_the_key(
    scheme: str, host: str, path: list[str], query: list[tuple[str, str]]
) -> None:
    url = f"{scheme}://{host}/{'/'.join(path)}?" + "&".join("=".join(pair) for pair in query)
    once = canonical_url(url)
    assert canonical_url(once) == once
    assert urlkey(once) == urlkey(url)
    assert urlkey(once) == judge.surt(once).replace(" ", "%20")


def test_an_argument_without_a_value_is_kept_as_written() -> None:
    assert canonical_url("http://example.az/view?5631") == "http://example.az/view?5631"


@pytest.mark.parametrize(
    "url", ["javascript:void(0)", "mailto:a@b.c", "file:///etc/passwd", "http://", "/en/news", "http://e.az:99999/"]
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        canonical_url(url)


def test_a_page_has_a_name_of_64_bits_that_depends_on_its_portal() -> None:
    key = urlkey("http://example.az/en/news/5")
    assert len(page_key("a", key)) == 16
    assert page_key("a", key) != page_key("b", key)
