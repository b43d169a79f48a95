"""What a person typed, as terms: words, "phrases", OR, -not, prefix*. Any input has a meaning; none is a syntax error."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.folding import fold, words

_PIECE = re.compile(r'(?P<no>-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))(?P<star>\*)?')
MAX_TERMS = 32


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase, folded. `prefix`: its last word may go on."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """Every one of `all_of` (each a choice of terms) and none of `none_of`."""

    all_of: tuple[tuple[Term, ...], ...]
    none_of: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.all_of)


def parse(text: str) -> Terms:
    """Read a query. `a OR b c` is (a or b) and c; a query of nothing but signs, or of -not alone, asks for nothing."""
    all_of: list[list[Term]] = []
    none_of: list[Term] = []
    choice = False
    for piece in _PIECE.finditer(text):
        if piece["word"] in ("OR", "|") and not piece["no"]:
            choice = bool(all_of)
            continue
        raw = piece["phrase"] if piece["phrase"] is not None else piece["word"] or ""
        found = tuple(words(fold(raw)))
        if not found:
            continue
        term = Term(found, prefix=bool(piece["star"]) or (piece["word"] or "").endswith("*"))
        if piece["no"]:
            none_of.append(term)
        elif choice:
            all_of[-1].append(term)
        else:
            all_of.append([term])
        choice = False
        if len(all_of) + len(none_of) >= MAX_TERMS:
            break
    return Terms(tuple(tuple(group) for group in all_of), tuple(none_of))


def to_fts5(terms: Terms) -> str:
    """The query in the language of SQLite's FTS5."""

    def one(term: Term) -> str:
        return f'"{" ".join(term.words)}"' + ("*" if term.prefix else "")

    positive = " AND ".join("(" + " OR ".join(one(term) for term in group) + ")" for group in terms.all_of)
    if not terms.none_of:
        return positive
    return f"({positive}) NOT (" + " OR ".join(one(term) for term in terms.none_of) + ")"


def to_tsquery(terms: Terms) -> str:
    """The query in the language of PostgreSQL's to_tsquery."""

    def one(term: Term) -> str:
        return " <-> ".join(f"'{word}'" for word in term.words) + (":*" if term.prefix else "")

    parts = ["(" + " | ".join(f"({one(term)})" for term in group) + ")" for group in terms.all_of]
    parts += [f"!({one(term)})" for term in terms.none_of]
    return " & ".join(parts)
