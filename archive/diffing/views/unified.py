"""Two texts as a unified diff by lines, as `patch` reads it (POSIX.1-2024, diff -u)."""

from __future__ import annotations

from collections.abc import Iterator

from archive.diffing.matching import Match, matches


def unified(old: str, new: str, old_name: str = "old", new_name: str = "new", *, context: int = 3) -> str:
    """The diff, with `context` kept lines around each change; empty where the texts are equal."""
    if old == new:
        return ""
    olds, news = _lines(old), _lines(new)
    hunks = list(_hunks(matches(olds, news), len(olds), len(news), context))
    parts = [f"--- {old_name}\n+++ {new_name}\n"]
    for runs, (i, i_end), (j, j_end) in hunks:
        parts.append(f"@@ -{_range(i, i_end)} +{_range(j, j_end)} @@\n")
        for at_i, at_j, length in [*runs, (i_end, j_end, 0)]:
            parts += [_line("-", line) for line in olds[i:at_i]]
            parts += [_line("+", line) for line in news[j:at_j]]
            parts += [_line(" ", line) for line in olds[at_i : at_i + length]]
            i, j = at_i + length, at_j + length
    return "".join(parts)


def _lines(text: str) -> list[str]:
    """Lines with their line feeds. Other line ends belong to the text: `patch` knows none of them."""
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _line(mark: str, line: str) -> str:
    return f"{mark}{line}" if line.endswith("\n") else f"{mark}{line}\n\\ No newline at end of file\n"


def _range(start: int, end: int) -> str:
    size = end - start
    return f"{start + 1 if size else start}" + (f",{size}" if size != 1 else "")


def _hunks(
    runs: list[Match], olds: int, news: int, context: int
) -> Iterator[tuple[list[Match], tuple[int, int], tuple[int, int]]]:
    """Runs of kept lines grouped into hunks: (kept runs, old lines, new lines), each clipped to its context."""
    inside: list[Match] = []
    start: tuple[int, int] | None = None
    i = j = 0
    for at_i, at_j, length in [*runs, (olds, news, 0)]:
        if start is None and (at_i > i or at_j > j):  # a change lies before this run
            lead = min(context, i, j)
            start, inside = (i - lead, j - lead), [(i - lead, j - lead, lead)] if lead else []
        i, j = at_i + length, at_j + length
        if start is None:
            continue
        at_end = i == olds and j == news
        if length > 2 * context or at_end:
            kept = min(length, context)
            yield [*inside, (at_i, at_j, kept)], (start[0], at_i + kept), (start[1], at_j + kept)
            start = None
        else:
            inside.append((at_i, at_j, length))
