from __future__ import annotations

import re

import pytest

from crawler.demo.chance import stream
from crawler.demo.prose import draw_cast, fill
from crawler.demo.vocabulary import LANGUAGES, vocabulary


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_template_fills_without_a_slot_or_choice_left(lang: str) -> None:
    words = vocabulary(lang)
    templates = [*words.generic, *words.citations, *words.press["headlines"], *words.press["leads"]]
    for topic in words.topics.values():
        templates += [*topic.headlines, *topic.subheads, *topic.facts, *topic.quotes]
    for template in templates:
        text = fill(template, words, draw_cast(stream(1, template)), stream(2, template))
        assert not re.search(r"[\[\]{}|]", text), text
        assert text[0] == text[0].upper()
        assert "  " not in text


@pytest.mark.parametrize("name", ["cities", "regions", "partners", "given", "family", "ministries", "agencies"])
def test_the_lists_of_names_agree_in_length_across_languages(name: str) -> None:
    assert len({len(vocabulary(lang).names[name]) for lang in LANGUAGES}) == 1


def test_russian_numbers_end_in_nought_or_five_so_that_the_genitive_plural_is_right() -> None:
    words = vocabulary("ru")
    for nth in range(200):
        number = fill("{n_small}", words, draw_cast(stream(nth)), stream(nth))
        assert int(number) % 5 == 0


def test_the_same_stream_writes_the_same_sentence() -> None:
    words = vocabulary("en")
    cast = draw_cast(stream(7))
    template = words.generic[0]
    assert fill(template, words, cast, stream(7, "x")) == fill(template, words, cast, stream(7, "x"))
