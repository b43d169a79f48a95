"""How a value looks in HTML: times, languages, changed words. Everything else is escaped by the templates themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from archive import __version__
from archive.diffing.views import Span, new_side, old_side, spans
from archive.feeds import change_path
from archive.output.safe import visible
from archive.output.times import instant, moment, offset, span
from archive.web.languages import language

_RIGHT_TO_LEFT = {"ar", "arc", "az-arab", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}
_SAID = {"removed": "removed: ", "added": "added: ", "moved_away": "moved from here: ", "moved_here": "moved here: "}
CONTEXT = 40  # kept words beside a change


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates, escaping on, unknown names an error."""
    made = Environment(
        loader=PackageLoader("archive.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {
        "time": time,
        "exact": exact,
        "text": lambda value: visible(str(value or "")),
        "marked": marked,
        "outside": outside,
        "number": lambda value: f"{value:,}",
        "inline": lambda block: _markup(spans(block)),
        "before": lambda block: _markup(old_side(spans(block))),
        "after": lambda block: _markup(new_side(spans(block))),
        "lost": lost,
        "language": language,
        "change_path": change_path,
        "replay": lambda url: quote(url, safe="!#$%&'()*+,/:;=?@[]~-._"),
        "span": span,
        "stamp": lambda at: at.astimezone(UTC).strftime("%Y%m%d%H%M%S"),
    }
    made.globals |= {"attributes": attributes, "software": __version__}
    return made


def time(at: datetime | str | None) -> Markup:
    """An instant with its offset; how long ago it was as the title. A date without a time stays as it is."""
    known = instant(at)
    if known is None:
        return escape(at or "")
    at = known
    title = ago(datetime.now(UTC) - at)
    # Digits and letters of our own making, and hundreds of them on a page: escaping each took a third of the page's time.
    return Markup(f'<time datetime="{at.isoformat(timespec="seconds")}" title="{title}">{moment(at)}</time>')  # noqa: S704


def exact(at: datetime | str | None) -> Markup:
    """An instant to the second, with UTC beside it: for what may have to be held against somebody else's record."""
    known = instant(at)
    if known is None:
        return escape(at or "")
    utc = known.astimezone(UTC)
    said = f"{known:%Y-%m-%d %H:%M:%S} {offset(known)}"
    if known.utcoffset() != timedelta(0):
        said += f" ({utc:%Y-%m-%d %H:%M:%S} UTC)"
    return Markup('<time datetime="{}">{}</time>').format(known.isoformat(timespec="seconds"), said)


def ago(since: timedelta) -> str:
    """How long ago, in one unit: a page that said seconds would be another one whenever it is asked again."""
    minutes = int(abs(since).total_seconds()) // 60
    count, unit = next(
        (minutes // size, unit)
        for size, unit in ((1440, "day"), (60, "hour"), (1, "minute"))
        if minutes >= 2 * size or size == 1
    )
    said = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{said} ago" if since >= timedelta(0) else f"in {said}"


@lru_cache(maxsize=500)
def attributes(lang: str | None) -> Markup:
    """`lang` and `dir` of a text; where its language is not known the browser decides from the letters."""
    if not lang or not re.fullmatch(r"[A-Za-z0-9-]{2,35}", lang):
        return Markup(' dir="auto"')
    return Markup(' lang="{}" dir="{}"').format(lang, "rtl" if lang.lower() in _RIGHT_TO_LEFT else "ltr")


def marked(snippet: str) -> Markup:
    """A snippet of search, its found words (between « and ») marked."""
    parts = re.split("[«»]", visible(snippet))
    return Markup("").join(Markup("<mark>{}</mark>").format(part) if at % 2 else part for at, part in enumerate(parts))


def outside(url: str | None) -> str:
    """An address for `href`: only http, https and mailto; anything else (javascript:, data:) leads nowhere."""
    return url if url and urlsplit(url.strip()).scheme.lower() in ("http", "https", "mailto") else ""


def lost(block: Mapping[str, Any]) -> Markup:
    """The words that were taken away; empty where none were."""
    gone = [one for one in spans(block) if one.kind == "removed" and one.text.strip()]
    return Markup(" … ").join(_element(one) for one in gone)


def _markup(of: list[Span]) -> Markup:
    last = len(of) - 1
    return Markup("").join(
        _kept(one.text, at == 0, at == last) if one.kind == "kept" else _element(one) for at, one in enumerate(of)
    )


def _kept(text: str, first: bool, last: bool) -> Markup:
    """Kept words; the middle of a long stretch folds away (a `details` element needs no script), but not
    all of a side: beside it stands what was added to it."""
    words = list(re.finditer(r"\S+", text))
    head, tail = 0 if first else CONTEXT, 0 if last else CONTEXT
    if (first and last) or len(words) <= head + tail + CONTEXT:
        return _lines(text)
    start, end = words[head].start(), words[len(words) - tail - 1].end()
    hidden = len(words) - head - tail
    return Markup("{}<details class=fold><summary>{} unchanged words</summary>{}</details>{}").format(
        _lines(text[:start]), hidden, _lines(text[start:end]), _lines(text[end:])
    )


def _element(one: Span) -> Markup:
    name = "del" if one.kind in ("removed", "moved_away") else "ins"
    moved = Markup(' class="moved"') if one.move else ""
    return Markup("<{0}{1}><span class=said>{2}</span>{3}</{0}>").format(name, moved, _SAID[one.kind], _lines(one.text))


def _lines(text: str) -> Markup:
    return escape(visible(text)).replace("\n", Markup("<br>\n"))
