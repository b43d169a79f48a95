"""The ways to compare two texts: ours and the peers', each giving (words removed, words added, stretches moved)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher

Answer = tuple[int, int, int]
_TOKENS = re.compile(r"\S+|\s+")


def _count(texts: Iterable[str]) -> int:
    return sum(len(text.split()) for text in texts)


def onrecord() -> Callable[[str, str], Answer]:
    """`archive.diffing.diff_text`, as everything in onrecord calls it."""
    from archive.diffing import diff_text

    def compare(old: str, new: str) -> Answer:
        diff = diff_text(old, new)
        ops = [op for block in diff.blocks for op in block["ops"]]
        return _count(op[1] for op in ops if op[0] == "-"), _count(op[1] for op in ops if op[0] == "+"), len(diff.moves)

    return compare


def lcs() -> Callable[[str, str], Answer]:
    """The optimum: rapidfuzz LCSseq over all words of both texts."""
    from rapidfuzz.distance import LCSseq

    def compare(old: str, new: str) -> Answer:
        one, other = old.split(), new.split()
        kept = LCSseq.similarity(one, other)
        return len(one) - kept, len(other) - kept, 0

    return compare


def difflib() -> Callable[[str, str], Answer]:
    """The standard library over words, autojunk off (on, it drops frequent words from its matches)."""
    return _sequence_matcher(SequenceMatcher)


def cydifflib() -> Callable[[str, str], Answer]:
    """difflib compiled."""
    from cydifflib import SequenceMatcher as Compiled

    return _sequence_matcher(Compiled)


def _sequence_matcher(matcher: Callable[..., SequenceMatcher[str]]) -> Callable[[str, str], Answer]:
    def compare(old: str, new: str) -> Answer:
        one, other = old.split(), new.split()
        ops = matcher(None, one, other, autojunk=False).get_opcodes()
        removed = sum(end - start for tag, start, end, _, _ in ops if tag in ("delete", "replace"))
        added = sum(end - start for tag, _, _, start, end in ops if tag in ("insert", "replace"))
        return removed, added, 0

    return compare


def diff_match_patch() -> Callable[[str, str], Answer]:
    """Google's diff-match-patch over characters with its semantic clean-up and its own limit of one second."""
    from diff_match_patch import diff_match_patch as Differ

    def compare(old: str, new: str) -> Answer:
        differ = Differ()
        diffs = differ.diff_main(old, new)
        differ.diff_cleanupSemantic(diffs)
        return _count(text for op, text in diffs if op < 0), _count(text for op, text in diffs if op > 0), 0

    return compare


def fast_diff_match_patch() -> Callable[[str, str], Answer]:
    """The same in C++, words mapped to characters, no limit."""
    from fast_diff_match_patch import diff

    def compare(old: str, new: str) -> Answer:
        ids: dict[str, str] = {}
        one, other = ("".join(ids.setdefault(word, chr(0x100 + len(ids))) for word in text.split()) for text in (old, new))
        ops = diff(one, other, timelimit=0, checklines=False, cleanup="No", counts_only=True)
        return sum(n for op, n in ops if op == "-"), sum(n for op, n in ops if op == "+"), 0

    return compare


def redlines() -> Callable[[str, str], Answer]:
    """redlines, which makes Markdown out of difflib."""
    from redlines import Redlines

    def compare(old: str, new: str) -> Answer:
        changes = Redlines(old, new).changes
        return _count(c.source_text or "" for c in changes), _count(c.test_text or "" for c in changes), 0

    return compare


METHODS: dict[str, Callable[[], Callable[[str, str], Answer]]] = {
    "onrecord": onrecord,
    "LCS optimum": lcs,
    "difflib": difflib,
    "cydifflib": cydifflib,
    "diff-match-patch": diff_match_patch,
    "fast-diff-match-patch": fast_diff_match_patch,
    "redlines": redlines,
}
