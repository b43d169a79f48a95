"""The four editions: what each address answers, which page got which edit, and the truth about the steps between them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from crawler.demo import edits
from crawler.demo.chance import stream
from crawler.demo.edits import FIELDS, Editor
from crawler.demo.newsroom import Newsroom, edition_day
from crawler.demo.story import Story
from crawler.demo.truth import Expected

COUNT = 4

# What happens in each step from one edition to the next, and how often.
EDITS: tuple[tuple[Editor, int], ...] = (
    (edits.swap_word, 3),
    (edits.weaken, 1),
    (edits.correct_number, 2),
    (edits.rename_speaker, 2),
    (edits.change_headline, 2),
    (edits.add_sentence, 1),
    (edits.remove_sentence, 2),
    (edits.remove_paragraph, 1),
    (edits.move_paragraph, 2),
    (edits.change_author, 1),
    (edits.change_link, 1),
    (edits.change_picture, 1),
    (edits.change_annex, 1),
    (edits.change_related, 1),
    (edits.change_press, 1),
    (edits.bump_date, 2),
    (edits.retypeset, 3),
)
SILENT: tuple[Editor, ...] = (edits.correct_number, edits.remove_sentence)  # the page's own modified date stands
HOT: tuple[Editor, ...] = (edits.correct_number, edits.change_headline, edits.add_sentence)  # one page, edited in every step
REMOVALS = ("404", "410", "soft404", "home")
FIRST_REMOVAL = 2  # the edition from which those pages are missing that come back later
DRAFTS = 12  # of an article that takes another's address; the one that resembles it least is published


@dataclass(frozen=True, slots=True)
class Removed:
    """An address that no longer serves its article: 404, 410, soft404 (200 and "not found"), home (redirect), or a path."""

    how: str
    story: Story
    since: int  # the first edition without it
    to: str | None = None  # of a moved article: its new path


@dataclass(frozen=True, slots=True)
class Edition:
    """One state of the portal."""

    number: int
    day: date
    stories: dict[str, Story]
    removed: dict[str, Removed]
    changed_at: dict[str, datetime]  # when the bytes of a page or file last changed (its Last-Modified)
    revisions: dict[str, int]  # of files that were exchanged under their address; 0 where not named
    truth: tuple[Expected, ...]

    @property
    def missing(self) -> dict[str, str]:
        """Paths that answer no article any more -> suspected (missing for the first time) or gone."""
        absent = {path: removed for path, removed in self.removed.items() if removed.to is None}
        return {path: "suspected" if removed.since == self.number else "gone" for path, removed in absent.items()}


@dataclass
class _Step:
    """An edition in the making."""

    number: int
    stories: dict[str, Story]
    removed: dict[str, Removed]
    changed_at: dict[str, datetime]
    revisions: dict[str, int]
    truth: list[Expected] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        return datetime.combine(edition_day(self.number), time(8, 0))

    def put(self, story: Story) -> None:
        self.stories[story.path] = story
        self.changed_at[story.path] = self.at

    def remove(self, path: str, how: str, to: str | None = None) -> Story:
        story = self.stories.pop(path)
        self.removed[path] = Removed(how, story, self.number, to)
        return story

    def expect(self, kind: str, url: str, detail: str, **more: str | tuple[str, ...] | None) -> None:
        self.truth.append(Expected(kind, url, detail=detail, **more))  # type: ignore[arg-type]


class Editions:
    """All editions of the portal of one seed; `editions[n]` is edition n, the first is 1."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.newsroom = Newsroom(seed)
        stories = {story.path: story for story in self.newsroom.backlog()}
        changed = {path: story.modified or story.published for path, story in stories.items()}
        truth = tuple(Expected("new", path, detail="first edition") for path in stories)
        self._editions = [Edition(1, edition_day(1), stories, {}, changed, {}, truth)]
        self._pool = sorted(stories)
        stream(seed, "pool").shuffle(self._pool)
        self._hot = self._draw(lambda story: story.stated == "meta" and story.lang == "en", stories)
        self._returning = {3: self._pool.pop(), 4: self._pool.pop()}  # edition -> a page missing since edition 2
        for number in range(2, COUNT + 1):
            self._editions.append(self._step(number))

    def __getitem__(self, number: int) -> Edition:
        return self._editions[number - 1]

    def _draw(self, fits: Callable[[Story], object], stories: dict[str, Story]) -> str:
        """Take the next page of the shuffled pool that fits; every page is edited at most once, but for the hot one."""
        place = next(place for place, path in enumerate(self._pool) if fits(stories[path]))
        return self._pool.pop(place)

    def _step(self, number: int) -> Edition:
        before = self[number - 1]
        step = _Step(number, dict(before.stories), dict(before.removed), dict(before.changed_at), dict(before.revisions))
        chance = stream(self.seed, "edition", number)
        self._come_back(step)
        self._confirm(step)
        for editor, times in EDITS:
            for _ in range(times):
                self._edit(step, editor, chance, declare=True)
        for editor in SILENT:
            self._edit(step, editor, chance, declare=False)
        self._edit_page(step, self._hot, HOT[number - 2], chance, declare=number != 3)
        self._remove(step)
        self._move(step)
        self._replace(step, chance)
        self._revise(step)
        for story in self.newsroom.fresh(number, list(step.stories.values())):
            step.put(story)
            step.expect("new", story.path, "published with this edition")
        truth = tuple(sorted(step.truth))
        return Edition(number, edition_day(number), step.stories, step.removed, step.changed_at, step.revisions, truth)

    def _confirm(self, step: _Step) -> None:
        """A page missing in the edition before and still missing is gone (the portal file asks for two visits)."""
        for path, removed in step.removed.items():
            if removed.to is None and removed.since == step.number - 1:
                step.expect("gone", path, f"{removed.how}, confirmed by a second visit", state="gone")

    def _edit(self, step: _Step, editor: Editor, chance: random.Random, *, declare: bool) -> None:
        def fits(story: Story) -> bool:
            dated = declare or story.modified is not None
            return dated and editor(story, stream(self.seed, story.path, step.number)) is not None

        self._edit_page(step, self._draw(fits, step.stories), editor, chance, declare=declare)

    def _edit_page(self, step: _Step, path: str, editor: Editor, chance: random.Random, *, declare: bool) -> None:
        story = step.stories[path]
        edited = editor(story, stream(self.seed, path, step.number))
        while edited is None:  # a page drawn by hand (the hot one): other choices of the same edit
            edited = editor(story, chance)
        fields = FIELDS[editor]
        dated = story.modified is not None
        if declare and dated and fields:
            edited = replace(edited, modified=max(step.at, edited.modified or step.at))
            fields = tuple(sorted({*fields, "dates"}))
        step.put(edited)
        if fields:
            declared = "unknown" if not dated else "yes" if declare else "no"
            detail = editor.__name__.replace("_", " ") + ("" if declare else ", silently")
            step.expect("edited", path, detail, fields=fields, declared=declared)

    def _remove(self, step: _Step) -> None:
        drawn = [(how, self._draw(bool, step.stories)) for how in REMOVALS]
        if step.number == FIRST_REMOVAL:
            drawn += [("404", path) for path in self._returning.values()]
        for how, path in drawn:
            step.remove(path, how)
            step.expect("gone", path, how, state="suspected")

    def _move(self, step: _Step) -> None:
        path = self._draw(bool, step.stories)
        story = step.stories[path]
        moved = replace(story, number=story.number + 4000)
        step.remove(path, "moved", to=moved.path)
        step.put(moved)
        step.expect("moved", moved.path, "301 to a new address", from_url=path)

    def _replace(self, step: _Step, chance: random.Random) -> None:
        path = self._draw(bool, step.stories)
        old = step.stories[path]
        earlier = list(step.stories.values())
        drafts = (
            self.newsroom.write(
                old.lang, old.section, f"replacement {step.number} {nth}", edition_day(step.number), earlier, general=False
            )
            for nth in range(DRAFTS)
        )
        fresh = min(drafts, key=lambda draft: (draft.topic == old.topic, resemblance(old, draft)))
        step.put(replace(fresh, number=old.number))
        step.expect("replaced", path, "another article under the same address")

    def _revise(self, step: _Step) -> None:
        """A document is exchanged under its address: the article stays as it is."""
        path = step.stories[self._draw(lambda story: story.annex, step.stories)].annex
        if path:
            step.revisions[path] = step.revisions.get(path, 0) + 1
            step.changed_at[path] = step.at
            step.expect("edited", path, "document exchanged in place", fields=("body",), declared="unknown")

    def _come_back(self, step: _Step) -> None:
        """What was missing for two editions is back; a page missing once was never held to be gone."""
        returning = self._returning.get(step.number)
        if returning:
            removed = step.removed.pop(returning)
            step.stories[returning] = removed.story
            if step.number - removed.since > 1:
                step.expect("back", returning, "served again, unchanged")


def resemblance(one: Story, other: Story) -> float:
    """The share of the shorter text's runs of three words that stand in the other too."""
    runs = [
        {tuple(words[place : place + 3]) for place in range(len(words) - 2)}
        for words in (" ".join(p.text for p in story.paragraphs).split() for story in (one, other))
    ]
    return len(runs[0] & runs[1]) / max(1, min(len(runs[0]), len(runs[1])))
