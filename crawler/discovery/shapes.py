"""Which shape do article addresses have? Addresses of one shape differ only in dates, numbers and words of a headline."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from crawler.portal import path_and_query

Kind = Literal["lang", "year", "month", "day", "date", "num", "num-slug", "slug-num", "token", "text", "word"]

_EXTENSION = re.compile(r"\.(?:s?html?|php\d?|aspx?|jsp|do|cfm|xhtml)$", re.IGNORECASE)
_DATE = re.compile(r"(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01])")
_TOKEN = re.compile(r"(?=[^a-f]*[a-f])(?=\D*\d)[0-9a-f]{12,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_CLASS: dict[Kind, str] = {
    "year": r"\d{4}",
    "month": r"\d{1,2}",
    "day": r"\d{1,2}",
    "date": r"\d{4}[-_.]?\d{2}[-_.]?\d{2}",
    "num": r"\d+",
    "num-slug": r"\d{3,}[-_][^/?]+",
    "slug-num": r"[^/?]+[-_]\d{3,}",
    "token": r"[0-9A-Fa-f-]+",
    "text": r"[^/?]+",
}
_STRONG = {"year", "date", "num", "num-slug", "slug-num", "token"}


@dataclass(frozen=True, slots=True)
class Piece:
    """One segment of a path or one argument of a query: what kind of thing it is and, for a fixed word, which."""

    kind: Kind
    word: str = ""
    extension: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of an address. `query` holds argument names with their pieces, in order of name."""

    path: tuple[Piece, ...]
    query: tuple[tuple[str, Piece], ...] = ()

    @property
    def strong(self) -> bool:
        """Whether a number or a date of its own tells these addresses from static pages."""
        return any(piece.kind in _STRONG for piece in (*self.path, *(piece for _, piece in self.query)))

    def holes(self) -> Shape:
        """The shape with its fixed words left open."""
        return Shape(tuple(Piece(p.kind, "", p.extension) if p.kind == "word" else p for p in self.path), self.query)


def escaped(text: str) -> str:
    """The text as an expression that matches it, without the escapes that only hinder reading."""
    return re.sub(r"\\([-\s&#~,])", r"\1", re.escape(text))


def shape_of(url: str, languages: Collection[str]) -> Shape:
    """The shape of one address; `languages` are the codes that may stand as a folder."""
    parts = urlsplit(path_and_query(url))
    segments = [segment for segment in parts.path.split("/") if segment]
    pieces: list[Piece] = []
    for position, segment in enumerate(segments):
        previous = pieces[-1].kind if pieces else None
        pieces.append(_piece(segment, previous, languages, first=position < 2, last=position == len(segments) - 1))
    query = tuple((name, _argument(value, languages)) for name, value in sorted(parse_qsl(parts.query, keep_blank_values=True)))
    if query and pieces and pieces[-1].kind == "text":  # "/news.php?id=5": the number varies, the script does not
        pieces[-1] = Piece("word", segments[-1])
    return Shape(tuple(pieces), query)


def _piece(segment: str, previous: Kind | None, languages: Collection[str], *, first: bool, last: bool) -> Piece:
    if first and segment.lower() in languages:
        return Piece("lang")
    extension = match[0] if (match := _EXTENSION.search(segment)) else ""
    stem = segment[: len(segment) - len(extension)] if extension else segment
    kind: Kind = "text"
    if re.fullmatch(r"(?:19|20)\d\d", stem) and not last:
        kind = "year"
    elif previous == "year" and re.fullmatch(r"0?[1-9]|1[0-2]", stem):
        kind = "month"
    elif previous == "month" and re.fullmatch(r"0?[1-9]|[12]\d|3[01]", stem):
        kind = "day"
    elif _DATE.fullmatch(stem):
        kind = "date"
    elif stem.isdecimal():
        kind = "num"
    elif _TOKEN.fullmatch(stem):
        kind = "token"
    elif previous in {"month", "day"}:  # a date tells these apart; what follows is the headline's words
        kind = "text"
    elif re.fullmatch(r"\d{3,}[-_].+", stem):
        kind = "num-slug"
    elif re.fullmatch(r".+[-_]\d{3,}", stem):
        kind = "slug-num"
    elif not last:
        return Piece("word", segment)
    return Piece(kind, "", extension)


def _argument(value: str, languages: Collection[str]) -> Piece:
    if value.lower() in languages:
        return Piece("lang")
    if value.isdecimal():
        return Piece("num")
    if _TOKEN.fullmatch(value):
        return Piece("token")
    return Piece("word", value) if re.fullmatch(r"[a-z_]+", value, re.IGNORECASE) else Piece("text")


def grouped(urls: Iterable[str], languages: Collection[str]) -> dict[Shape, list[str]]:
    """Addresses by shape, each once."""
    groups: dict[Shape, list[str]] = defaultdict(list)
    for url in dict.fromkeys(urls):
        groups[shape_of(url, languages)].append(url)
    return dict(groups)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A rule for [articles]: the expression, the groups that name an article, and addresses it must leave out."""

    url: str
    identity: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


def generalise(
    shapes: dict[Shape, list[str]], languages: Collection[str], others: Collection[str], *, complete: bool = True
) -> Pattern:
    """The expression that matches these shapes and, as far as can be, none of `others` (menus, listings, static pages).

    Fixed words that differ from shape to shape become any word where a number or date stands beside them and no other
    page would match (`complete`: no shape of the same form was found to be something else), else a choice of the words.
    """
    families: dict[Shape, list[Shape]] = defaultdict(list)
    for shape in shapes:
        families[_unprefixed(shape.holes())].append(shape)
    elsewhere = [path_and_query(url) for url in others]
    named = len(families) == 1
    rules = []
    for members in families.values():
        rule = _expression(members, languages, named=named, open_words=complete and members[0].strong)
        if any(re.search(f"^{rule}", other) for other in elsewhere):
            rule = _expression(members, languages, named=named, open_words=False)
        rules.append(rule)
    expression = f"^{rules[0]}" if len(rules) == 1 else f"^(?:{'|'.join(rules)})"
    exclude = tuple(
        f"^{escaped(other.rstrip('/'))}/?$" for other in sorted(set(elsewhere)) if re.search(expression, other) and other != "/"
    )
    return Pattern(expression, _identity(expression, shapes), exclude)


def _unprefixed(shape: Shape) -> Shape:
    """Without a leading language: the main language often has no folder of its own."""
    return Shape(shape.path[1:], shape.query) if shape.path and shape.path[0].kind == "lang" else shape


def _expression(members: list[Shape], languages: Collection[str], *, named: bool, open_words: bool) -> str:
    prefixed = [shape for shape in members if shape.path and shape.path[0].kind == "lang"]
    codes = "|".join(languages)
    lang = f"(?P<lang>{codes})" if named else f"(?:{codes})"
    start = "/" if not prefixed else f"/{lang}/" if len(prefixed) == len(members) else f"/(?:{lang}/)?"
    bodies = [_unprefixed(shape) for shape in members]
    state = {"id": named, "lang": named and not prefixed}
    parts = []
    for position, piece in enumerate(bodies[0].path):
        words = list(dict.fromkeys(body.path[position].word for body in bodies))
        extension = escaped(piece.extension) if piece.extension else ""
        parts.append(_choice(words, open_words=open_words) if piece.kind == "word" else _class(piece, codes, state) + extension)
    query = "&".join(f"{escaped(name)}={_value(name, bodies, codes, state)}" for name, _ in bodies[0].query)
    end = rf"\?{query}$" if query else "/?$"
    return start + "/".join(parts) + (end if not query else ("/?" if parts and bodies[0].path[-1].kind != "word" else "") + end)


def _choice(words: list[str], *, open_words: bool) -> str:
    if len(words) == 1:
        return escaped(words[0])
    return "[^/?]+" if open_words and len(words) >= 3 else f"(?:{'|'.join(escaped(word) for word in sorted(words))})"


def _value(name: str, bodies: list[Shape], codes: str, state: dict[str, bool]) -> str:
    pieces = [dict(body.query)[name] for body in bodies]
    if pieces[0].kind == "word":
        return _choice(list(dict.fromkeys(piece.word for piece in pieces)), open_words=False)
    return _class(pieces[0], codes, state) if pieces[0].kind != "text" else "[^&]+"


def _class(piece: Piece, codes: str, state: dict[str, bool]) -> str:
    """The expression of a kind; the first number and the first language are named groups (`state`: still to be named)."""
    if piece.kind == "lang":
        named, state["lang"] = state["lang"], False
        return f"(?P<lang>{codes})" if named else f"(?:{codes})"
    if piece.kind in {"num", "num-slug", "slug-num", "token"} and state["id"]:
        state["id"] = False
        return {
            "num": r"(?P<id>\d+)",
            "num-slug": r"(?P<id>\d{3,})[-_][^/?]+",
            "slug-num": r"[^/?]+[-_](?P<id>\d{3,})",
            "token": r"(?P<id>[0-9A-Fa-f-]+)",
        }[piece.kind]
    return _CLASS[piece.kind]


def _identity(expression: str, shapes: dict[Shape, list[str]]) -> tuple[str, ...]:
    """The groups that name an article when its slug changes: language and number, where a slug stands beside a number
    that no two addresses share. Otherwise the address itself is the name."""
    rule = re.compile(expression)
    kinds = {piece.kind for shape in shapes for piece in shape.path}
    if "id" not in rule.groupindex or not (kinds & {"num-slug", "slug-num"} or {"num", "text"} <= kinds):
        return ()
    names = tuple(name for name in ("lang", "id") if name in rule.groupindex)
    found = [match.group(*names) for urls in shapes.values() for url in urls if (match := rule.search(path_and_query(url)))]
    numbers = [value[-1] if isinstance(value, tuple) else value for value in found]
    distinct = len(set(found)) == len(found)
    return names if len(found) >= 5 and distinct and all(len(number) >= 2 for number in numbers) else ()
