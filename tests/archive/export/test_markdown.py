from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from yaml import safe_load

from archive.export.markdown import document, escaped

ROW: dict[str, Any] = {
    "page": "a1f3c9",
    "version": 2,
    "headline": "No: *46* [states]",
    "url": "https://x/1",
    "articleBody": "# not a heading\n\n1. not a list\n\n- nor this",
    "sections": ["A", "B"],
    "links": [{"kind": "related", "url": "https://x/<2>", "title": "Two", "outlet": None, "date": "2018-11-25"}],
    "evidence": {"captured_at": "2018-11-27T06:02:00+04:00", "sha256": "07aa"},
}


def split(text: str) -> tuple[dict[str, Any], str]:
    _, front, body = text.split("---\n", 2)
    return safe_load(front), body


def test_the_front_matter_is_yaml_with_the_fields() -> None:
    front, _ = split(document(ROW))
    assert front["headline"] == "No: *46* [states]"
    assert front["sections"] == ["A", "B"]
    assert front["sha256"] == "07aa"
    assert "description" not in front


def test_the_body_is_shown_as_it_is_written() -> None:
    _, body = split(document(ROW))
    html = MarkdownIt().render(body)
    assert "<h1>No: *46* [states]</h1>" in html
    assert "<p># not a heading</p>" in html
    assert "<p>1. not a list</p>" in html
    assert "<p>- nor this</p>" in html
    assert 'href="https://x/%3C2%3E"' in html


@given(st.text(st.characters(codec="utf-8")))
def test_any_headline_survives_the_front_matter(headline: str) -> None:
    front, _ = split(document({**ROW, "headline": headline}))
    assert front.get("headline", "") == headline


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "[a](javascript:alert(1))", "`code`", "a_b_c", "> quote", "10) ten"]
)
def test_no_text_is_markup(text: str) -> None:
    tokens = MarkdownIt().parse(escaped(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert "".join(child.content for child in tokens[1].children or ()) == text
