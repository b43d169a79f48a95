"""The CDX server query language over the record: url, matchType, from, to, filter, collapse, limit, sort, fl, output."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, get_args

from sqlalchemy.orm import Session

from archive.errors import UsageError
from archive.memento.captures import Match, Memento, mementos, parse_stamp

FIELDS = ("urlkey", "timestamp", "url", "mime", "status", "digest", "length", "offset", "filename")
_NAMES = {"original": "url", "mimetype": "mime", "statuscode": "status"}
_KNOWN = {"url", "matchType", "from", "to", "filter", "collapse", "limit", "sort", "fl", "fields", "output", "closest"}
MAX_ROWS = 100_000


def cdx(session: Session, parameters: Mapping[str, Sequence[str]]) -> Iterator[dict[str, str]]:
    """Rows of a CDX query; `parameters` as parsed from a query string. UsageError names what is off (HTTP 400)."""
    unknown = sorted(parameters.keys() - _KNOWN)
    if unknown:
        raise UsageError(f"unknown parameter {unknown[0]!r}", hint="known: " + ", ".join(sorted(_KNOWN)))
    url = _one(parameters, "url")
    if not url:
        raise UsageError("the parameter url is missing")
    match = _match(url, _one(parameters, "matchType"))
    url = url.removesuffix("*").removeprefix("*.")
    if "://" not in url:
        url = f"http://{url}"
    since, until = _bound(parameters, "from", "0"), _bound(parameters, "to", "9")
    sort = _one(parameters, "sort") or "default"
    if sort not in ("default", "reverse", "closest"):
        raise UsageError(f"sort is default, reverse or closest, not {sort!r}")
    found: Iterable[Memento] = mementos(session, url, match=match, since=since, until=until, newest_first=sort == "reverse")
    if sort == "closest" or "closest" in parameters:
        at = _bound(parameters, "closest", "0") or parse_stamp("9999")
        found = sorted(found, key=lambda item: abs((item.at - at).total_seconds()))
    rows: Iterator[dict[str, str]] = (_row(item) for item in found)
    for text in parameters.get("filter", ()):
        rows = filter(_filter(text), rows)
    rows = _collapsed(rows, parameters.get("collapse", ()))
    return _picked(_limited(rows, _one(parameters, "limit")), _one(parameters, "fl") or _one(parameters, "fields"))


def _row(item: Memento) -> dict[str, str]:
    revisit = item.record == "revisit"
    return {
        "urlkey": item.urlkey,
        "timestamp": item.stamp,
        "url": item.url,
        "mime": "warc/revisit" if revisit else item.media or "unk",
        "status": "-" if revisit and item.status == 304 else str(item.status),
        "digest": f"sha256:{item.payload}" if item.payload else "-",
        "length": str(item.locator.length),
        "offset": str(item.locator.offset),
        "filename": item.locator.warc,
    }


def _one(parameters: Mapping[str, Sequence[str]], name: str) -> str | None:
    values = parameters.get(name, ())
    return values[-1] if values else None


def _match(url: str, given: str | None) -> Match:
    if given is not None:
        if given not in get_args(Match):
            raise UsageError(f"matchType is one of {', '.join(get_args(Match))}, not {given!r}")
        return given  # type: ignore[return-value]
    return "domain" if url.startswith("*.") else "prefix" if url.endswith("*") else "exact"


def _bound(parameters: Mapping[str, Sequence[str]], name: str, fill: str) -> Any:
    text = _one(parameters, name)
    if text is None:
        return None
    try:
        if fill == "0" or len(text) == 14:
            return parse_stamp(text)
        following = {4: "1231235959", 6: "28235959", 8: "235959", 10: "5959", 12: "59"}
        return parse_stamp(text + following[len(text)])
    except (ValueError, KeyError) as error:
        raise UsageError(f"{name}: not a timestamp: {text!r}") from error


def _filter(text: str) -> Callable[[dict[str, str]], bool]:
    """`[!]field:regex` (whole value), `[!]=field:text` (equal), `[!]~field:regex` (anywhere): the CDX servers' forms."""
    match = re.fullmatch(r"(!?)([=~]?)([a-z]+):(.*)", text)
    name = _NAMES.get(match[3], match[3]) if match else ""
    if match is None or name not in FIELDS:
        raise UsageError(f"filter: not [!][=~]field:value: {text!r}", hint="fields: " + ", ".join(FIELDS))
    negated, kind, wanted = bool(match[1]), match[2], match[4]
    if kind == "=":
        return lambda row: (row[name] == wanted) != negated
    if len(wanted) > 200:
        raise UsageError("filter: the expression is too long")
    try:
        pattern = re.compile(wanted)
    except re.error as error:
        raise UsageError(f"filter: not a regular expression: {error}") from error
    look = pattern.search if kind == "~" else pattern.fullmatch
    return lambda row: bool(look(row[name][:2000])) != negated


def _collapsed(rows: Iterable[dict[str, str]], collapses: Sequence[str]) -> Iterator[dict[str, str]]:
    keys: list[tuple[str, int | None]] = []
    for text in collapses:
        name, _, width = text.partition(":")
        name = _NAMES.get(name, name)
        if name not in FIELDS or (width and not width.isdecimal()):
            raise UsageError(f"collapse: not field or field:N: {text!r}")
        keys.append((name, int(width) if width else None))
    last: tuple[str, ...] | None = None
    for row in rows:
        now = tuple(row[name][:width] for name, width in keys)
        if not keys or now != last:
            yield row
        last = now


def _limited(rows: Iterator[dict[str, str]], limit: str | None) -> Iterator[dict[str, str]]:
    try:
        count = int(limit) if limit else MAX_ROWS
    except ValueError as error:
        raise UsageError(f"limit: not a number: {limit!r}") from error
    if count < 0:  # the last N
        return iter(list(rows)[count:])
    return islice(rows, min(count, MAX_ROWS))


def _picked(rows: Iterator[dict[str, str]], fields: str | None) -> Iterator[dict[str, str]]:
    if fields is None:
        return rows
    names = [_NAMES.get(name, name) for name in fields.split(",")]
    for name in names:
        if name not in FIELDS:
            raise UsageError(f"fl: no field {name!r}", hint="fields: " + ", ".join(FIELDS))
    return ({name: row[name] for name in names} for row in rows)
