"""`onrecord mute`, `star`, `note`: what a person decides about pages. Kept in the evidence, so that a rebuild keeps it."""

from __future__ import annotations

from typing import Any

import click

from archive.cli.filters import portal_option
from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.errors import UsageError
from archive.output import Output
from archive.output.screen import Column
from archive.output.times import moment

KEYS = ("at", "who", "verb", "page", "url", "headline", "reason")
FURNITURE_KEYS = ("portal", "slot", "why", "since", "until", "changes")


@click.command()
@click.argument("ref", required=False)
@click.option("--slot", help="This slot of --portal instead of those of a page's edit.")
@portal_option
@click.option("--undo", is_flag=True, help="Take back: the slot is no furniture.")
@click.option("--reason", metavar="TEXT", help="Why, for those who read the decision later.")
@pass_session
@output_options
def mute(
    session: Session, output: Output, ref: str | None, slot: str | None, portal: str | None, undo: bool, reason: str | None
) -> None:
    """Mute the places that changed in REF's last edit (or in REF@n): furniture, whose changes are kept but not told.

    Without REF: what is muted, learned or decided, and why.

    \b
      onrecord mute                                   the furniture known
      onrecord mute a1f3c9@7 --reason "a ticker"
      onrecord mute --portal example-az --slot "body:views #" --undo
    """
    from archive import query
    from archive.ingest import decide

    if slot is not None and portal is None:
        raise UsageError("--slot needs --portal", hint="onrecord mute lists both")
    with session.record() as record:
        query.check_names(record, portal=portal)
        slug, slots = (portal or "", [slot]) if slot is not None else query.changed_slots(record, ref) if ref else ("", [])
    for name in slots:
        decide(session.workspace, "unmute" if undo else "mute", f"{slug}: {name}", reason=reason)
        session.say(f"{'no longer muted' if undo else 'muted'}: {name}")
    with session.record() as record:
        rows = query.furniture(record, portal or slug or None)
    if slots:
        rows = [row for row in rows if row["slot"] in slots]
    table = [
        Column("portal", style="dim"),
        Column("slot", grow=True),
        Column("changes", right=True),
        Column("since", show=lambda row: moment(row["since"], output.tz), style="dim"),
        Column("until", show=lambda row: moment(row["until"], output.tz) if row["until"] else "", style="dim"),
        Column("why", grow=True, style="dim"),
    ]
    output.rows(rows, FURNITURE_KEYS, table, empty="nothing is muted")


@click.command()
@click.argument("ref", required=False)
@click.option("--undo", is_flag=True, help="Take the star away.")
@click.option("--reason", metavar="TEXT", help="Why it matters.")
@pass_session
@output_options
def star(session: Session, output: Output, ref: str | None, undo: bool, reason: str | None) -> None:
    """Star REF, a page to keep an eye on. Without REF: the starred pages.

    \b
      onrecord star a1f3c9 --reason "the minister's promise"
      onrecord star
    """
    if ref is not None:
        _decide(session, "unstar" if undo else "star", ref, reason)
    _list(session, output, ("star", "unstar"), ref, "no page is starred")


@click.command()
@click.argument("ref")
@click.argument("text", required=False)
@pass_session
@output_options
def note(session: Session, output: Output, ref: str, text: str | None) -> None:
    """Note TEXT about REF. Without TEXT: the notes there are.

    \b
      onrecord note a1f3c9 "asked the press office on Monday"
      onrecord note a1f3c9
    """
    if text is not None:
        _decide(session, "note", ref, text)
    _list(session, output, ("note",), ref, "no notes")


def _decide(session: Session, verb: Any, ref: str, reason: str | None) -> None:
    from archive import query
    from archive.ingest import decide

    with session.record() as record:
        key = query.page(record, ref)["page"]
    decide(session.workspace, verb, key, reason=reason)


def _list(session: Session, output: Output, verbs: tuple[str, ...], ref: str | None, empty: str) -> None:
    from archive import query

    with session.record() as record:
        rows = query.decisions(record, verbs, ref)
        short = query.short_ids(record)
    table = [
        Column("page", show=lambda row: short(row["page"]), style="id"),
        Column("at", "when", show=lambda row: moment(row["at"], output.tz)),
        Column("who", style="dim"),
        Column("headline", show=lambda row: row["headline"] or row["url"], grow=True),
        Column("reason", "note" if verbs == ("note",) else "why", grow=True),
    ]
    output.rows(rows, KEYS, table, empty=empty)
