from __future__ import annotations

import pytest
from lxml import html

from crawler.demo.story import Link, Paragraph
from crawler.demo.typesetting import SOFT_HYPHEN, typeset

PARAGRAPH = Paragraph("text", ("The Administration & the <Council> met.", "Nothing was published."), Link("Register", "/r"))


def visible(markup: int) -> list[str]:
    return html.fragment_fromstring(str(typeset(PARAGRAPH, markup))).text_content().replace(SOFT_HYPHEN, "").split()


@pytest.mark.parametrize("markup", [1, 2, 3])
def test_typesetting_anew_changes_the_markup_and_not_a_word(markup: int) -> None:
    assert typeset(PARAGRAPH, markup) != typeset(PARAGRAPH, 0)
    assert visible(markup) == visible(0)


def test_soft_hyphens_stand_inside_long_words_of_new_typesetting_only() -> None:
    assert SOFT_HYPHEN in typeset(PARAGRAPH, 1)
    assert SOFT_HYPHEN not in typeset(PARAGRAPH, 0)


def test_an_inline_dateline_opens_the_paragraph() -> None:
    assert "Sarvend, 1 May 2018 – The Administration &amp; the &lt;Council&gt;" in typeset(
        PARAGRAPH, 0, "Sarvend, 1 May 2018 –"
    )
