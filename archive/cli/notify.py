"""`onrecord notify`: changes told to people who are not looking."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output

WAITS = (None, "begins now", "quiet hours", "digest")


@click.group()
def notify() -> None:
    """Tell others of changes: webhooks, mail, a command, Apprise; channels stand under [[alerts.channel]] in onrecord.toml.

    \b
      onrecord notify test
      onrecord crawl && onrecord notify send
    """


@notify.command()
@pass_session
@output_options
def send(session: Session, output: Output) -> int:
    """Tell every channel of the changes it has not been told of, and the operator of portals in trouble.

    Exit code 1 where one could not be reached.
    """
    from archive.notify import alerts_of, send_due, tell_operator

    alerts = alerts_of(session.workspace)
    told = [asdict(sent) for sent in send_due(session.workspace, alerts)]
    told += [{**asdict(sent), "channel": f"{sent.channel} (operator)"} for sent in tell_operator(session.workspace, alerts)]
    output.rows(told, ("channel", "changes", "waits"), empty="no channel: write [[alerts.channel]] into onrecord.toml")
    return int(any(row["waits"] not in WAITS for row in told))


@notify.command()
@click.argument("names", metavar="[CHANNEL]…", nargs=-1)
@pass_session
@output_options
def test(session: Session, output: Output, names: tuple[str, ...]) -> int:
    """Send the newest change (or, without one, a greeting) through these channels, or through all."""
    from archive import query
    from archive.errors import NotFound
    from archive.notify import Message, alerts_of, deliver, message
    from archive.notify.channels import NotDelivered

    alerts = alerts_of(session.workspace)
    known = [channel.name for channel in alerts.channel]
    for name in names:
        if name not in known:
            raise NotFound(f"no channel {name!r}", hint="there is " + (", ".join(known) or "none"), code="channel.missing")
    with session.record() as record:
        newest = query.changes(record, kinds=("edited",), blocks=True, limit=1) or query.changes(record, blocks=True, limit=1)
    greeting = Message("onrecord: a test", "Alerts arrive here.\n", {"schema": "onrecord.alert/1", "changes": [], "more": 0})
    said = message(newest, alerts.viewer) if newest else greeting
    told: list[dict[str, Any]] = []
    for channel in alerts.channel:
        if names and channel.name not in names:
            continue
        try:
            deliver(channel, said, session.workspace.root)
            told.append({"channel": channel.name, "by": channel.by, "outcome": "sent"})
        except NotDelivered as error:
            told.append({"channel": channel.name, "by": channel.by, "outcome": error.message})
    output.rows(told, ("channel", "by", "outcome"), empty="no channel: write [[alerts.channel]] into onrecord.toml")
    return int(any(row["outcome"] != "sent" for row in told))
