"""Which stories the portal has published, in which sections and languages, up to a given edition's day."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from crawler.demo.chance import stream
from crawler.demo.prose import Cast, draw_cast, person
from crawler.demo.story import Link, Stated, Story
from crawler.demo.vocabulary import Vocabulary, vocabulary
from crawler.demo.writing import draw_author, draw_time, write_body, write_headline, write_picture, write_press

FIRST_DAY = date(2018, 11, 26)  # of edition 1; edition n appears n - 1 days later
SECTIONS = (
    ("en", "politics", ("treaty", "digital", "schools")),
    ("en", "organisations", ("treaty", "nature", "health")),
    ("en", "economy", ("rail", "energy", "farming", "water")),
    ("en", "society", ("schools", "health", "nature", "water")),
    ("az", "siyaset", ("treaty", "digital", "schools")),
    ("az", "iqtisadiyyat", ("rail", "energy", "water")),
    ("ru", "politika", ("treaty", "digital", "schools")),
    ("ru", "ekonomika", ("rail", "energy", "water")),
)
# Sections that translate each other: every third story of the first stands in the other two as well.
TRANSLATED = {"siyaset": "politics", "politika": "politics", "iqtisadiyyat": "economy", "ekonomika": "economy"}
PER_SECTION = 25
NEW_PER_EDITION = (("en", "politics"), ("en", "economy"), ("en", "society"), ("az", "siyaset"), ("ru", "politika"))
TOPICS = {section: topics for _, section, topics in SECTIONS}


def edition_day(edition: int) -> date:
    """The portal's own day of an edition, 1 the first."""
    return FIRST_DAY + timedelta(days=edition - 1)


class Newsroom:
    """Writes stories; every one is a function of the seed, its section and its place in it."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._numbers = itertools.count(5001)
        self._headlines: set[str] = set()

    def backlog(self) -> list[Story]:
        """All stories of edition 1, oldest first."""
        slots = [
            (nth, lang, section, FIRST_DAY - timedelta(days=3 * (PER_SECTION - 1 - nth)))
            for nth in range(PER_SECTION)
            for lang, section, _ in SECTIONS
        ]
        stories: list[Story] = []
        for nth, lang, section, day in slots:
            stories.append(self.write(lang, section, str(nth), day, stories, twin=nth if nth % 3 == 0 else None))
        return _with_translations(stories)

    def fresh(self, edition: int, published: list[Story]) -> Iterator[Story]:
        """The stories that edition `edition` adds."""
        for lang, section in NEW_PER_EDITION:
            yield self.write(lang, section, f"edition {edition}", edition_day(edition), published)

    def write(
        self,
        lang: str,
        section: str,
        name: str,
        day: date,
        earlier: list[Story],
        twin: int | None = None,
        *,
        general: bool = True,
    ) -> Story:
        """One story; `twin` shares people, places and topic with the sections that translate it; `general` as in write_body."""
        words = vocabulary(lang)
        chance = stream(self.seed, section, name)
        shared = stream(self.seed, TRANSLATED.get(section, section), "twin", twin) if twin is not None else chance
        cast, topic = draw_cast(shared), shared.choice(_topics(section, twin=twin is not None))
        number = next(self._numbers)
        stated: Stated = chance.choice(("jsonld", "meta", "dateline"))
        published = draw_time(day, chance)
        return Story(
            number=number,
            lang=lang,
            section=section,
            topic=topic,
            headline=self._unheard_headline(words, topic, cast, chance),
            place=words.names["capital"] if chance.random() < 0.6 else words.names["cities"][cast.city],
            paragraphs=write_body(words, topic, cast, chance, day, general=general),
            published=published,
            stated=stated,
            modified=None if stated == "dateline" else published + timedelta(minutes=5 * chance.randrange(6)),
            authors=(draw_author(words, chance),) if stated != "dateline" and chance.random() < 0.7 else (),
            speaker=person(words, *cast.lead[1:]),
            picture=write_picture(words, cast, number) if chance.random() < 0.4 else None,
            annex=f"/files/docs/annex-{number}.pdf" if chance.random() < 0.2 else None,
            related=_sample_links([s for s in earlier if s.section == section], chance, 3),
            other_language=_sample_links([s for s in earlier if s.lang == ("en" if lang == "az" else "az")], chance, 2),
            press=tuple(write_press(words, chance, day) for _ in range(2)),
            translations=(),
            plain_dateline=chance.random() < 0.5,
        )

    def _unheard_headline(self, words: Vocabulary, topic: str, cast: Cast, chance: random.Random) -> str:
        for nth in itertools.count(chance.randrange(100)):
            headline = write_headline(words, topic, cast, chance, nth)
            if headline not in self._headlines:
                self._headlines.add(headline)
                return headline
            cast = draw_cast(chance)
        raise AssertionError("unreachable")  # itertools.count never ends


def _topics(section: str, *, twin: bool) -> tuple[str, ...]:
    """What a section writes about; twins keep to what all languages have words for."""
    topics = TOPICS[TRANSLATED.get(section, section) if twin else section]
    return tuple(topic for topic in topics if topic in vocabulary("az").topics) if twin else topics


def _sample_links(stories: list[Story], chance: random.Random, count: int) -> tuple[Link, ...]:
    recent = stories[-40:]
    return tuple(Link(s.headline, s.path) for s in chance.sample(recent, min(count, len(recent))))


def _with_translations(stories: list[Story]) -> list[Story]:
    """Tell twins of each other: same place in sections that translate each other."""
    seen: dict[str, int] = {}
    groups: dict[tuple[str, int], list[Story]] = {}
    for story in stories:
        nth = seen[story.section] = seen.get(story.section, -1) + 1
        family = TRANSLATED.get(story.section, story.section)
        if nth % 3 == 0 and family in TRANSLATED.values():
            groups.setdefault((family, nth), []).append(story)
    twins = {s.number: tuple((other.lang, other.path) for other in group) for group in groups.values() for s in group}
    return [replace(story, translations=twins.get(story.number, ())) for story in stories]


def local(moment: datetime) -> str:
    """ISO 8601 with the portal's offset (+04:00)."""
    return moment.isoformat(timespec="seconds") + "+04:00"
