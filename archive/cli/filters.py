"""The filters that several commands share, and the words and periods they take."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

import click

from archive.references import since, until

_ELSEWHERE = timezone(timedelta(hours=1))


class Period(click.ParamType[datetime]):
    """A point in time: `7d`, `24h`, `2w` ago, `today`, a day, a month, a year, an instant with offset."""

    name = "time"

    def __init__(self, *, end: bool) -> None:
        self._read = until if end else since

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The instant; days and times without an offset are those of `--tz`, else of the view (`query.zone_of`)."""
        if isinstance(value, datetime):
            return value
        now = datetime.now(UTC)
        at = self._read(str(value), now=now)
        if ctx is None or ctx.resilient_parsing or at == self._read(str(value), now=now, zone=_ELSEWHERE):
            return at  # an instant wherever it is read: no record is opened for it
        return self._read(str(value), now=now, zone=_zone(ctx))


def _zone(ctx: click.Context) -> tzinfo:
    """Whose days are meant. Portals are read before a period: their parameters are eager."""
    from archive import query
    from archive.cli.session import Session

    session = ctx.ensure_object(Session)
    if session.output.tz is not None:
        return session.output.tz
    with session.record() as record:
        return query.zone_of(record, _chosen(ctx.params.get("portal"), ctx.params.get("portals")))


def _chosen(portal: Any, portals: Any) -> str | None:
    """The one portal of a call. What was not given may still be click's own mark for that here."""
    if isinstance(portals, tuple) and len(portals) == 1:
        return str(portals[0])
    return portal if isinstance(portal, str) else None


class Words(click.ParamType[tuple[str, ...]]):
    """Several words of a fixed list, divided by commas: `edited,gone`. A wrong one is answered with the list."""

    name = "words"

    def __init__(self, *known: str) -> None:
        self.known = known

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """The words, each one of the list."""
        if isinstance(value, tuple):
            return value
        words = tuple(word.strip().lower() for word in str(value).split(",") if word.strip())
        for word in words:
            if word not in self.known:
                import difflib

                near = difflib.get_close_matches(word, self.known, n=1)
                meant = f"; did you mean {near[0]}?" if near else ""
                self.fail(f"{word!r} is none of {', '.join(self.known)}{meant}", param, ctx)
        return words

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """For the help: WORD,WORD."""
        return "WORD,…"


class Language(click.ParamType[str]):
    """A language tag (BCP 47): az, en, sr-Latn."""

    name = "language"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The tag in lower case."""
        if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", value):
            self.fail(f"{value!r} is no language tag; write az, en, ru", param, ctx)
        return str(value).lower()


KINDS = Words("new", "edited", "moved", "replaced", "gone", "back")
FIELDS = Words("headline", "body", "dates", "authors", "links", "images", "attachments", "blocks")
DECLARED = Words("yes", "no", "unknown")
STATES = Words("live", "suspected", "gone")
LINK_KINDS = Words("related", "citation", "foreign_press", "body", "attachment", "translation")


def complete_portals(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """The ids of the archive's portal files, for the Tab key: no database is opened for it."""
    from archive.cli.session import Session
    from archive.errors import OnrecordError

    try:
        folder = context.ensure_object(Session).workspace.portals
    except OnrecordError:
        return []
    return sorted(path.stem for path in folder.glob("*.toml") if path.stem.startswith(incomplete))


portal_option = click.option(
    "--portal", metavar="ID", is_eager=True, shell_complete=complete_portals, help="Only this portal."
)  # eager: `--since` is read in its days, wherever it stands
section_option = click.option("--section", metavar="NAME", help="Only pages seen in this section.")
lang_option = click.option("--lang", type=Language(), metavar="CODE", help="Only this language: az, en, ru.")
since_option = click.option("--since", type=Period(end=False), help="Not before: 7d, 24h, today, 2018-11-27.")
until_option = click.option("--until", type=Period(end=True), help="Not after.")
limit_option = click.option("--limit", type=click.IntRange(1, 1_000_000_000), metavar="N", help="At most so many.")
min_words_option = click.option(
    "--min-words", type=click.IntRange(0, 1_000_000), metavar="N", help="Only with at least so many words added and removed."
)
