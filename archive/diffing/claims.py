"""Typed claims: which numbers, dates, names, negations and modal verbs a change took away, and which it brought.

A claim is compared within its paragraph: a number that only moved about in it changed nothing. Word lists are closed
classes (negation, modal verbs, months) of the languages portals are read in; numbers, dates in digits and names need none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Literal, get_args

from archive.diffing.operations import replay
from archive.diffing.sentences import sentences
from archive.diffing.text import ops_of

Kind = Literal["negation", "number", "modal", "date", "name"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MONTHS = _words(
    "january february march april may june july august september october november december "
    "yanvar fevral mart aprel iyun iyul avqust sentyabr oktyabr noyabr dekabr "
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря "
    "ocak şubat nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık "
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre "
    "januar februar märz juni juli oktober dezember enero febrero marzo abril mayo junio julio agosto septiembre octubre "
    "noviembre diciembre monday tuesday wednesday thursday friday saturday sunday"
)
_NEGATIONS = _words(
    "not no never none nor neither without cannot deyil yox heç не нет ни без никогда değil yok hiç "
    "ne pas aucun jamais sans nicht kein keine keinen nie ohne nunca sin ningún ninguna"
)
_MODALS = _words(
    "must may might shall should will would can could ought required allowed mandatory optional "
    "gərək lazımdır bilər məcburidir должен должна должны может могут обязан обязаны вправе "
    "doit doivent peut peuvent devra muss müssen soll sollen darf dürfen kann können debe deben puede pueden"
)
_NUMBER = r"[-\u2212+]?(?:[$\u20ac\u00a3\u20bd\u20bc]\s?)?\d+(?:[.,:\u00a0\u202f]\d+)*(?:\s?%)?"
_CLAIM = re.compile(
    rf"(?P<date>\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}|(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?\b(?:{'|'.join(sorted(_MONTHS))})\b(?:\s+\d{{1,4}}\b)?(?:,?\s+\d{{4}}\b)?)"
    rf"|(?P<number>{_NUMBER})|(?P<word>[^\W\d_]+(?:['\u2019-][^\W\d_]+)*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One change of one kind of statement; `old` or `new` is empty where it was only brought or only taken away."""

    kind: Kind
    old: str
    new: str

    def show(self) -> str:
        """`47 → 46`, `+not`, `-not`."""
        if self.old and self.new:
            return f"{self.old} → {self.new}"
        return f"+{self.new}" if self.new else f"-{self.old}"


def claims(blocks: Sequence[Mapping[str, Any]]) -> list[Claim]:
    """Claims that headline and body lost and gained, block by block, the gravest kinds first within each."""
    found: list[Claim] = []
    for block in blocks:
        if block["field"] not in ("headline", "body"):
            continue
        ops = ops_of(block)
        stayed = [op for op in ops if not op.move]  # what moved says the same elsewhere
        before, after = Counter(statements(replay(stayed, "old"))), Counter(statements(replay(stayed, "new")))
        gone, come = before - after, after - before
        for kind in KINDS:
            old = [text for of, text in gone.elements() if of == kind]
            new = [text for of, text in come.elements() if of == kind]
            found += [Claim(kind, one, other) for one, other in zip_longest(old, new, fillvalue="")]
    return found


def statements(text: str) -> Iterator[tuple[Kind, str]]:
    """(kind, words) of everything in a text that is a claim. A name is a capitalised word that does not open a sentence."""
    for sentence in sentences(text):
        opening = True
        for found in _CLAIM.finditer(sentence):
            what = " ".join(found[0].split())
            if found.lastgroup == "word":
                kind = _word_kind(what, opening)
                if kind is not None:
                    yield kind, what if kind == "name" else what.lower()
            elif found.lastgroup == "date" and not (what.islower() and what in _MODALS):
                yield "date", what
            elif found.lastgroup == "date":
                yield "modal", what
            else:
                yield "number", what
            opening = False


def _word_kind(word: str, opening: bool) -> Kind | None:
    small = word.lower()
    if small in _NEGATIONS or small.endswith(("n't", "n\u2019t")):
        return "negation"
    if small in _MODALS:
        return "modal"
    if word[0].isupper() and not opening and len(word) > 1:
        return "name"
    return None
