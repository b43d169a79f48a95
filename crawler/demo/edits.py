"""What an editor does to a published story: pure functions (story, chance) -> edited story, or None where it cannot be done.

`FIELDS` says which of the product's fields each of them changes. A modified date is the business of `editions`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from crawler.demo.newsroom import edition_day
from crawler.demo.prose import draw_cast, person
from crawler.demo.story import Link, Paragraph, Story
from crawler.demo.vocabulary import vocabulary
from crawler.demo.writing import draw_author, write_headline, write_press

Editor = Callable[[Story, random.Random], Story | None]

_NUMBER = re.compile(r"(?<![\d,.\u00a0])\d{2,3}(?![\d,.\u00a0])")


def _texts(story: Story) -> list[int]:
    """Places of the paragraphs that hold plain sentences; the first is left alone, listings quote it."""
    return [place for place, paragraph in enumerate(story.paragraphs) if place and paragraph.kind == "text"]


def _with(story: Story, place: int, paragraph: Paragraph) -> Story:
    return replace(story, paragraphs=(*story.paragraphs[:place], paragraph, *story.paragraphs[place + 1 :]))


def _swap_first(story: Story, pairs: list[list[str]], chance: random.Random) -> Story | None:
    """Replace the first whole word (or phrase) of a pair that some paragraph holds, once."""
    places = _texts(story)
    chance.shuffle(places)
    for old, new in pairs:
        found = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)")
        for place in places:
            paragraph = story.paragraphs[place]
            for nth, sentence in enumerate(paragraph.sentences):
                if found.search(sentence):
                    edited = found.sub(new, sentence, count=1)
                    sentences = (*paragraph.sentences[:nth], edited, *paragraph.sentences[nth + 1 :])
                    return _with(story, place, replace(paragraph, sentences=sentences))
    return None


def swap_word(story: Story, chance: random.Random) -> Story | None:
    """One word becomes another."""
    return _swap_first(story, vocabulary(story.lang).edits["words"], chance)


def weaken(story: Story, chance: random.Random) -> Story | None:
    """A modal verb or a negation turns the sense: must becomes may."""
    return _swap_first(story, vocabulary(story.lang).edits["modals"], chance)


def correct_number(story: Story, chance: random.Random) -> Story | None:
    """One figure of the text becomes another."""
    places = _texts(story)
    chance.shuffle(places)
    for place in places:
        paragraph = story.paragraphs[place]
        for nth, sentence in enumerate(paragraph.sentences):
            match = _NUMBER.search(sentence)
            if match:
                number = str(int(match[0]) + 5 * chance.randint(1, 9))
                edited = sentence[: match.start()] + number + sentence[match.end() :]
                sentences = (*paragraph.sentences[:nth], edited, *paragraph.sentences[nth + 1 :])
                return _with(story, place, replace(paragraph, sentences=sentences))
    return None


def rename_speaker(story: Story, chance: random.Random) -> Story | None:
    """Another person is named in the body wherever the speaker was; the headline must not name the speaker."""
    words = vocabulary(story.lang)
    new = person(words, chance.randrange(12), chance.randrange(12))
    text = " ".join(paragraph.text for paragraph in story.paragraphs)
    cited = re.search(rf"\([^()]*{re.escape(story.speaker)}[^()]*\)", text)  # the title of a source is not ours to change
    elsewhere = story.speaker in story.headline or story.speaker in story.teaser
    if story.speaker not in text or new == story.speaker or cited or elsewhere:
        return None
    return replace(
        story,
        speaker=new,
        paragraphs=tuple(
            replace(p, sentences=tuple(sentence.replace(story.speaker, new) for sentence in p.sentences))
            for p in story.paragraphs
        ),
    )


def change_headline(story: Story, chance: random.Random) -> Story | None:
    """Another headline over the same text."""
    words = vocabulary(story.lang)
    headline = write_headline(words, story.topic, draw_cast(chance), chance, chance.randrange(100))
    return replace(story, headline=headline) if headline != story.headline else None


def add_sentence(story: Story, chance: random.Random) -> Story | None:
    """A sentence is put at the end of a paragraph."""
    words = vocabulary(story.lang)
    place = chance.choice(_texts(story))
    paragraph = story.paragraphs[place]
    sentence = chance.choice(words.edits["added"])
    if any(sentence in p.sentences for p in story.paragraphs):
        return None
    return _with(story, place, replace(paragraph, sentences=(*paragraph.sentences, sentence)))


def remove_sentence(story: Story, chance: random.Random) -> Story | None:
    """A sentence disappears from a paragraph of several."""
    places = [place for place in _texts(story) if len(story.paragraphs[place].sentences) > 1]
    if not places:
        return None
    place = chance.choice(places)
    paragraph = story.paragraphs[place]
    nth = chance.randrange(len(paragraph.sentences))
    return _with(story, place, replace(paragraph, sentences=paragraph.sentences[:nth] + paragraph.sentences[nth + 1 :]))


def remove_paragraph(story: Story, chance: random.Random) -> Story | None:
    """A whole paragraph without a link disappears."""
    places = [place for place in _texts(story) if story.paragraphs[place].link is None]
    if len(places) < 3:
        return None
    place = chance.choice(places)
    return replace(story, paragraphs=story.paragraphs[:place] + story.paragraphs[place + 1 :])


def move_paragraph(story: Story, chance: random.Random) -> Story | None:
    """A paragraph of at least twenty words moves at least two places up or down."""
    places = [place for place in _texts(story) if len(story.paragraphs[place].text.split()) >= 20]
    if len(places) < 3:
        return None
    source = chance.choice(places)
    targets = [place for place in places if abs(place - source) >= 3]
    if not targets:
        return None
    paragraphs = list(story.paragraphs)
    paragraphs.insert(chance.choice(targets), paragraphs.pop(source))
    return replace(story, paragraphs=tuple(paragraphs))


def change_author(story: Story, chance: random.Random) -> Story | None:
    """Another name stands as the author."""
    if not story.authors:
        return None
    name = draw_author(vocabulary(story.lang), chance)
    return replace(story, authors=(name,)) if (name,) != story.authors else None


def change_link(story: Story, chance: random.Random) -> Story | None:
    """A link inside the text leads elsewhere; its words stay."""
    for place, paragraph in enumerate(story.paragraphs):
        if paragraph.link is not None:
            link = Link(paragraph.link.title, f"http://registers.velmara.example/archive/{chance.randint(1000, 9999)}")
            return _with(story, place, replace(paragraph, link=link))
    return None


def change_picture(story: Story, chance: random.Random) -> Story | None:
    """Another image under another address; the caption stays."""
    if story.picture is None:
        return None
    path = f"/files/photo/{story.number}-{chance.randint(100, 999)}.png"
    return replace(story, picture=replace(story.picture, path=path))


def change_annex(story: Story, chance: random.Random) -> Story | None:
    """The attached PDF is exchanged for another under another address."""
    if story.annex is None:
        return None
    return replace(story, annex=f"/files/docs/annex-{story.number}-{chance.randint(100, 999)}.pdf")


def change_related(story: Story, chance: random.Random) -> Story | None:
    """One of the related articles is dropped."""
    if len(story.related) < 2:
        return None
    dropped = chance.randrange(len(story.related))
    return replace(story, related=story.related[:dropped] + story.related[dropped + 1 :])


def change_press(story: Story, chance: random.Random) -> Story | None:
    """The second item of the foreign press becomes another one."""
    item = write_press(vocabulary(story.lang), chance, edition_day(1))
    return replace(story, press=(story.press[0], item))


def bump_date(story: Story, chance: random.Random) -> Story | None:
    """Only the modified date moves."""
    return replace(story, modified=story.modified + timedelta(minutes=chance.randint(1, 5))) if story.modified else None


def retypeset(story: Story, chance: random.Random) -> Story | None:
    """New markup, soft hyphens and spaces, the same words: no edit of the publisher's words."""
    return replace(story, markup=story.markup + chance.randint(1, 2))


FIELDS: dict[Editor, tuple[str, ...]] = {
    swap_word: ("body",),
    weaken: ("body",),
    correct_number: ("body",),
    rename_speaker: ("body",),
    change_headline: ("headline",),
    add_sentence: ("body",),
    remove_sentence: ("body",),
    remove_paragraph: ("body",),
    move_paragraph: ("body",),
    change_author: ("authors",),
    change_link: ("links",),
    change_picture: ("images",),
    change_annex: ("attachments",),
    change_related: ("blocks",),
    change_press: ("blocks",),
    bump_date: ("dates",),
    retypeset: (),
}
