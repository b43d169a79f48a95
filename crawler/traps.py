"""Which addresses grow without end? Calendars, session ids, filters that combine, paths that repeat: cut, and named."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import parse_qsl, unquote, urlsplit

MAX_LENGTH = 2000  # characters of an address
MAX_SEGMENTS = 20
MAX_REPEATS = 3  # times the same folder may stand in one path
MAX_PATTERNS = 20_000  # patterns counted one by one; the rest share a count
PLAIN, SUSPICIOUS = 5000, 400

_NUMBER = re.compile(r"\d+")
_TOKEN = re.compile(r"(?=[^a-z]*[a-z])(?=\D*\d)[0-9a-z]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DATE = re.compile(r"(?:19|20|21)\d\d(?:[-_.]?(?:0?[1-9]|1[0-2])(?:[-_.]?(?:0?[1-9]|[12]\d|3[01]))?)?")


class TrapGuard:
    """Admits so many addresses of one pattern; `cut` counts what it turned away, by pattern, for the crawl's report."""

    def __init__(self, plain: int = PLAIN, suspicious: int = SUSPICIOUS) -> None:
        self._plain, self._suspicious = plain, suspicious
        self._admitted: Counter[str] = Counter()
        self.cut: Counter[str] = Counter()

    def admit(self, url: str) -> bool:
        """Whether to ask an address not asked before. Whoever calls sees to it that each is offered once."""
        pattern, bound = self._judge(url)
        if pattern not in self._admitted and len(self._admitted) >= MAX_PATTERNS:
            pattern, bound = "addresses of more patterns than a portal has", self._plain
        if self._admitted[pattern] >= bound:
            self.cut[pattern] += 1
            return False
        self._admitted[pattern] += 1
        return True

    def _judge(self, url: str) -> tuple[str, int]:
        parts = urlsplit(url)
        segments = [segment for segment in unquote(parts.path).split("/") if segment]
        if len(url) > MAX_LENGTH or len(segments) > MAX_SEGMENTS:
            return f"{parts.netloc}: addresses longer than any article's", 0
        if repeated := _repeated(segments):
            return f"{parts.netloc}/…/{repeated}/…/{repeated}/", 0
        arguments = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=None)
        suspicious = (
            len(arguments) >= 3
            or any(_TOKEN.fullmatch(value) for _, value in arguments)
            or (_ends_in_a_date(segments) and not arguments)
            or any(_DATE.fullmatch(value) and len(value) > 4 for _, value in arguments)
        )
        return pattern_of(url), self._suspicious if suspicious else self._plain


def pattern_of(url: str) -> str:
    """An address with what varies folded: "example.az/en/calendar/{n}/{n}?day={}"; queries by their names only."""
    parts = urlsplit(url)
    segments = [segment for segment in unquote(parts.path).split("/") if segment]
    folded = [_fold(segment, keep=position < 2) for position, segment in enumerate(segments)]
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    query = "?" + "&".join(f"{name}={{}}" for name in names[:10]) if names else ""
    return f"{parts.netloc}/{'/'.join(folded)}{query}"


def _fold(segment: str, *, keep: bool) -> str:
    if _TOKEN.fullmatch(segment):
        return "{token}"
    if _NUMBER.fullmatch(segment) or _DATE.fullmatch(segment):
        return "{n}"
    return _NUMBER.sub("{n}", segment) if keep and len(segment) <= 30 and segment.count("-") < 2 else "{slug}"


def _ends_in_a_date(segments: list[str]) -> bool:
    """A calendar's page is a date and nothing more; an article's address goes on, with a slug or a number."""
    numbers = [segment for segment in segments[-3:] if _DATE.fullmatch(segment) or re.fullmatch(r"\d{1,2}", segment)]
    return bool(segments) and segments[-1] in numbers and any(re.match(r"(?:19|20|21)\d\d", number) for number in numbers)


def _repeated(segments: list[str]) -> str | None:
    name, times = Counter(segments).most_common(1)[0] if segments else ("", 0)
    return name if times > MAX_REPEATS else None
