"""How a story is written: a topic, a second one, general sentences, quotes with sources, and what stands beside the text."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from crawler.demo.prose import Cast, draw_cast, fill, person, spelled_date
from crawler.demo.story import Link, Paragraph, Picture, PressItem
from crawler.demo.vocabulary import Vocabulary


def write_headline(words: Vocabulary, topic: str, cast: Cast, chance: random.Random, nth: int) -> str:
    """The `nth` headline template of the topic, filled."""
    templates = words.topics[topic].headlines
    return fill(templates[nth % len(templates)], words, cast, chance)


def write_body(
    words: Vocabulary, topic: str, cast: Cast, chance: random.Random, day: date, *, general: bool = True
) -> tuple[Paragraph, ...]:
    """Between 300 and 900 words: paragraphs, two subheadings, quotes with their speaker, sometimes a list.

    Not `general`: facts of several topics instead of sentences that stand in most articles, so that it resembles none.
    """
    main = words.topics[topic]
    others = chance.sample([name for name in words.topics if name != topic], 3)
    aside = chance.sample(words.topics[others[0]].facts, chance.randint(4, 6))
    sentences = [*chance.sample(main.facts, chance.randint(6, len(main.facts))), *aside[3:]]
    if general:
        sentences += chance.sample(words.generic, chance.randint(13, len(words.generic) - 2))
    else:
        sentences += [fact for name in others[1:] for fact in words.topics[name].facts]
    opening, rest = sentences[0], sentences[1:]
    chance.shuffle(rest)
    filled = [fill(template, words, cast, chance) for template in (opening, *rest)]
    paragraphs = _grouped(filled, chance)
    if chance.random() < 0.25:
        items = tuple(fill(template, words, cast, chance) for template in aside[:3])
        paragraphs.insert(chance.randint(2, len(paragraphs)), Paragraph("list", items))
    for quote in chance.sample(main.quotes, chance.randint(2, 3)):
        paragraphs.insert(chance.randint(2, len(paragraphs)), _quote(words, quote, cast, chance, day))
    for place, subhead in zip((len(paragraphs) * 2 // 3, len(paragraphs) // 3), chance.sample(main.subheads, 2), strict=True):
        paragraphs.insert(place, Paragraph("heading", (fill(subhead, words, cast, chance),)))
    if chance.random() < 0.35:
        link = Link(words.names["agencies"][cast.agency], f"http://registers.velmara.example/terms/{chance.randint(100, 999)}")
        last = paragraphs[-1]
        paragraphs[-1] = Paragraph(last.kind, last.sentences, link) if last.kind == "text" else last
    return tuple(paragraphs)


def _grouped(sentences: list[str], chance: random.Random) -> list[Paragraph]:
    paragraphs: list[Paragraph] = []
    while sentences:
        size = chance.randint(2, 4)
        paragraphs.append(Paragraph("text", tuple(sentences[:size])))
        sentences = sentences[size:]
    return paragraphs


def _quote(words: Vocabulary, quote: str, cast: Cast, chance: random.Random, day: date) -> Paragraph:
    said = words.ui["said"].format(
        who=fill("{lead}", words, cast, chance),
        quote=f"“{fill(quote, words, cast, chance)}”" if words.lang != "ru" else f"«{fill(quote, words, cast, chance)}»",
    )
    if chance.random() < 0.7:
        title = fill(chance.choice(words.citations), words, cast, chance)
        said_on = spelled_date(words, day - timedelta(days=chance.randint(0, 9)))
        cited = f"{said_on[:-5]}, {said_on[-4:]}" if words.lang == "en" else said_on
        said += f" ({words.ui['see']} {title} / {chance.choice(words.outlets)}, {cited})."
    return Paragraph("quote", (said,))


def write_press(words: Vocabulary, chance: random.Random, day: date) -> PressItem:
    """One item of the foreign press, dated before `day`."""
    cast = draw_cast(chance)
    return PressItem(
        headline=fill(chance.choice(words.press["headlines"]), words, cast, chance),
        day=day - timedelta(days=chance.randint(2, 60)),
        outlet=chance.choice(words.press["outlets"]),
        lead=fill(chance.choice(words.press["leads"]), words, cast, chance),
        url=f"http://press.example/{words.lang}/{chance.randint(10_000, 99_999)}",
    )


def write_picture(words: Vocabulary, cast: Cast, number: int) -> Picture:
    """An image with its caption."""
    return Picture(f"/files/photo/{number}.png", f"{words.names['cities'][cast.city]}, {words.ui['portal']}")


def draw_author(words: Vocabulary, chance: random.Random) -> str:
    """The name of a member of the press service."""
    return person(words, chance.randrange(12), chance.randrange(12))


def draw_time(day: date, chance: random.Random) -> datetime:
    """An hour of the working day, local time of the portal."""
    return datetime(day.year, day.month, day.day, chance.randint(9, 18), 5 * chance.randrange(12))  # noqa: DTZ001 - local
