from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest

from crawler.demo.editions import COUNT, REMOVALS, Edition, Editions, resemblance
from crawler.demo.newsroom import SECTIONS
from crawler.demo.story import Story

STEPS = range(2, COUNT + 1)


def shown(story: Story) -> tuple[object, ...]:
    """What a reader of the page sees: everything but its address and typesetting."""
    return (
        story.headline, [(p.kind, p.text, p.link) for p in story.paragraphs], story.modified, story.authors,
        story.picture, story.annex, story.related, story.press,
    )  # fmt: skip


def differing_fields(old: Story, new: Story) -> set[str]:
    pairs = {
        "headline": (old.headline, new.headline),
        "body": ([(p.kind, p.text) for p in old.paragraphs], [(p.kind, p.text) for p in new.paragraphs]),
        "dates": ((old.published, old.modified), (new.published, new.modified)),
        "authors": (old.authors, new.authors),
        "links": ([p.link.url for p in old.paragraphs if p.link], [p.link.url for p in new.paragraphs if p.link]),
        "images": (old.picture, new.picture),
        "attachments": (old.annex, new.annex),
        "blocks": ((old.related, old.press, old.other_language), (new.related, new.press, new.other_language)),
    }
    return {name for name, (before, after) in pairs.items() if before != after}


def test_the_same_seed_gives_the_same_portal_and_another_seed_another(editions: Editions) -> None:
    again, other = Editions(1), Editions(2)
    for number in range(1, COUNT + 1):
        assert again[number] == editions[number]
    assert other[2].truth != editions[2].truth
    assert other[1].stories != editions[1].stories


def test_the_first_edition_holds_twenty_five_articles_in_each_of_eight_sections(editions: Editions) -> None:
    counts = Counter(story.section for story in editions[1].stories.values())
    assert counts == {section: 25 for _, section, _ in SECTIONS}
    assert len({story.headline for story in editions[1].stories.values()}) == 200


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_articles_have_between_300_and_900_words(seed: int) -> None:
    words = [story.words for n in range(1, COUNT + 1) for story in Editions(seed)[n].stories.values()]
    assert min(words) >= 300
    assert max(words) <= 900


def test_two_articles_of_a_language_share_less_than_a_quarter_of_their_phrases(editions: Editions) -> None:
    def phrases(story: Story) -> set[tuple[str, ...]]:
        words = " ".join(p.text for p in story.paragraphs).split()
        return {tuple(words[n : n + 4]) for n in range(len(words) - 3)}

    for lang in ("en", "az", "ru"):
        texts = [phrases(story) for story in editions[1].stories.values() if story.lang == lang]
        assert max(len(a & b) / len(a | b) for a, b in combinations(texts, 2)) < 0.25


def test_translations_name_each_other_in_three_languages(editions: Editions) -> None:
    stories = editions[1].stories
    translated = [story for story in stories.values() if story.translations]
    assert len(translated) >= 40
    for story in translated:
        assert dict(story.translations)[story.lang] == story.path
        assert len(story.translations) == 3
        assert all(stories[path].translations == story.translations for _, path in story.translations)


@pytest.mark.parametrize("number", STEPS)
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_the_truth_names_exactly_the_pages_that_differ_and_the_fields_that_do(seed: int, number: int) -> None:
    editions = Editions(seed)
    before, after = editions[number - 1], editions[number]
    truth = {row.url: row for row in after.truth if row.kind == "edited"}
    exchanged = {path for path in truth if path not in after.stories}
    assert exchanged == {path for path, n in after.revisions.items() if n != before.revisions.get(path, 0)}
    assert exchanged <= {story.annex for story in after.stories.values()}
    replaced = {row.url for row in after.truth if row.kind == "replaced"}
    for path in before.stories.keys() & after.stories.keys():
        old, new = before.stories[path], after.stories[path]
        if path in replaced:
            assert old.headline != new.headline
            assert old.topic != new.topic
        elif path in truth:
            assert differing_fields(old, new) == set(truth[path].fields)
        else:
            assert shown(old) == shown(new)


@pytest.mark.parametrize("number", STEPS)
def test_the_truth_tells_arrivals_departures_moves_and_returns(editions: Editions, number: int) -> None:
    before, after = editions[number - 1], editions[number]
    rows = after.truth
    of = {kind: {row.url for row in rows if row.kind == kind} for kind in ("new", "moved", "back", "replaced")}
    returned = before.removed.keys() - after.removed.keys()
    assert of["new"] | of["moved"] | returned == after.stories.keys() - before.stories.keys()
    assert of["back"] == {path for path in returned if before.missing[path] == "gone"}
    assert {row.url for row in rows if row.state == "suspected"} == {p for p, s in after.missing.items() if s == "suspected"}
    confirmed = {row.url for row in rows if row.state == "gone"}
    assert confirmed == {p for p, s in after.missing.items() if s == "gone" and before.missing[p] == "suspected"}
    assert {row.from_url for row in rows if row.kind == "moved"} == {p for p, r in after.removed.items() if r.to in of["moved"]}


def test_every_step_removes_pages_in_every_way_and_edits_silently_at_least_twice(editions: Editions) -> None:
    for number in STEPS:
        hows = {row.detail for row in editions[number].truth if row.state == "suspected"}
        assert hows == set(REMOVALS)
        silent = [row for row in editions[number].truth if row.declared == "no"]
        assert len(silent) >= 2
        assert all("dates" not in row.fields for row in silent)


def test_a_page_missing_twice_is_restored_as_it_was_and_one_missing_once_was_never_gone(editions: Editions) -> None:
    returns = {number: [row.url for row in editions[number].truth if row.kind == "back"] for number in STEPS}
    assert [len(returns[number]) for number in STEPS] == [0, 0, 1]
    (restored,) = returns[4]
    assert editions[3].missing[restored] == "gone"
    assert shown(editions[4].stories[restored]) == shown(editions[1].stories[restored])
    (blip,) = editions[2].removed.keys() & editions[3].stories.keys()
    assert shown(editions[3].stories[blip]) == shown(editions[1].stories[blip])


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_an_article_that_takes_anothers_address_shares_hardly_a_phrase_with_it(seed: int) -> None:
    editions = Editions(seed)
    for number in STEPS:
        (path,) = (row.url for row in editions[number].truth if row.kind == "replaced")
        assert resemblance(editions[number - 1].stories[path], editions[number].stories[path]) < 0.07


def test_typesetting_anew_is_no_change_of_the_truth(editions: Editions) -> None:
    def typeset(edition: Edition) -> set[str]:
        return {path for path, story in edition.stories.items() if story.markup}

    for number in STEPS:
        anew = typeset(editions[number]) - typeset(editions[number - 1])
        assert len(anew) >= 3
        assert not anew & {row.url for row in editions[number].truth if row.kind != "moved"}
