"""Furniture is learned from a page's own history and from its portal's, without a rule written by a person."""

from __future__ import annotations

import random
from dataclasses import replace

from archive.diffing import ArticleDiff, Compared, compare_articles, learn, muting_slot, slots_of
from archive.records import Article, Aside, Block, RelatedLink

HEADLINES = [
    f"{who} {what} {where}"
    for who in ("Minister", "Council", "Court")
    for what in ("visits", "meets", "bans")
    for where in ("Baku", "Oslo", "Quito")
]


def capture(n: int, body: str = "The committee adopted its report.\n\nIt named 47 states.") -> Article:
    """A page whose counter, clock and most-read block change at every visit, in the body and beside it."""
    rng = random.Random(n)
    tops = rng.sample(HEADLINES, 5)
    text = f"{body}\n\nSeen {1000 + 7 * n} times so far by our readers\n\nMost read\n\n" + "\n".join(f"- {top}" for top in tops)
    return Article(
        url="https://gov.example/news/1",
        articleBody=f"It is {n % 24:02}:{n % 60:02} in the capital now\n\n{text}",
        blocks=(Block("heading", "Most read"),),
        links=tuple(RelatedLink("related", f"https://gov.example/news/{rng.randrange(999)}", top) for top in tops),
        asides=(Aside("sidebar", "Popular", "\n".join(tops)),),
    )


def visit(count: int, bodies: dict[int, str] | None = None) -> list[ArticleDiff]:
    """What the store does: compare each capture with the last, learn after each run, mute also what was told before."""
    told: list[ArticleDiff] = []
    slots: set[str] = set()
    for n in range(1, count):
        default = "The committee adopted its report.\n\nIt named 47 states."
        old, new = (capture(m, (bodies or {}).get(m, default)) for m in (n - 1, n))
        told.append(compare_articles(old, new, noise=slots))
        slots |= set(learn([Compared("1", n, tuple(slots_of(diff.blocks) for diff in told))]))
    return [replace(diff, muted=diff.muted or muting_slot(diff.blocks, slots)) for diff in told]


def test_a_page_whose_furniture_changes_on_each_of_200_captures_has_no_unmuted_change() -> None:
    told = visit(200)
    assert len(told) == 199
    assert all(diff.fields for diff in told)
    assert [diff.why for diff in told if diff.muted is None] == []


def test_an_edit_among_the_furniture_is_told_and_nothing_else_with_it() -> None:
    edited = "The committee adopted its report.\n\nIt named 46 states."
    told = visit(60, dict.fromkeys(range(40, 60), edited))
    (diff,) = [diff for diff in told if diff.muted is None]
    assert diff.fields == ("body",)
    assert [op for block in diff.blocks for op in block["ops"] if op[0] != "="] == [["-", "47"], ["+", "46"]]


def test_a_slot_is_not_furniture_where_most_visits_leave_it_alone() -> None:
    assert learn([Compared("1", 100, tuple(frozenset({"body:cases #"}) for _ in range(20)))]) == {}


def test_a_slot_of_one_page_becomes_the_templates_when_many_pages_show_it() -> None:
    history = [Compared(str(n), 2, (frozenset({f"images:banner @ https://gov.example/{n}"}),) * 2) for n in range(6)]
    assert list(learn(history)) == ["images:banner"]
    assert muting_slot([{"slot": "images:banner @ https://gov.example/new"}], {"images:banner"})


def test_what_one_page_teaches_does_not_mute_another() -> None:
    (slot,) = learn([Compared("1", 5, (frozenset({"images:photos @ https://gov.example/1"}),) * 5)])
    assert muting_slot([{"slot": "images:photos @ https://gov.example/2"}], {slot}) is None


def test_what_is_edited_on_a_few_of_many_pages_at_the_second_visit_is_no_furniture() -> None:
    history = [Compared(str(n), 1, (frozenset({"dates:datemodified #t#+#"}),)) for n in range(25)]
    assert learn(history, pages=200) == {}
    assert list(learn(history, pages=30)) == ["dates:datemodified #t#+#"]
    for_long = [Compared(str(n), 6, (frozenset({"body>most read"}),) * 6) for n in range(5)]
    assert "body>most read" in learn(for_long, pages=200)
