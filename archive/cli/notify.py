"""`onrecord notify`: changes told to people who are not looking."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output

_HINT = (
    "write [[alerts.channel]] with name and by (webhook, mail, command, apprise) into it: docs/how-to/read-in-the-browser.md"
)


@click.group()
def notify() -> None:
    """Tell others of changes: webhooks, mail, a command, Apprise; channels stand under [[alerts.channel]] in onrecord.toml.

    \b
      onrecord notify test
      onrecord notify send                  a crawl does it when it ends
    """


@notify.command()
@pass_session
@output_options
def send(session: Session, output: Output) -> int:
    """Tell every channel of the changes it has not been told of, and the operator of portals in trouble.

    Exit code 1 where one could not be reached.
    """
    from archive.notify import send_due, tell_operator

    alerts = session.workspace.settings.alerts
    changes, troubles = send_due(session.workspace, alerts), tell_operator(session.workspace, alerts)
    told = [asdict(sent) for sent in changes]
    told += [{**asdict(sent), "channel": f"{sent.channel} (operator)"} for sent in troubles]
    output.rows(told, ("channel", "changes", "waits"), empty="no channel: write [[alerts.channel]] into onrecord.toml")
    return int(any(sent.failed for sent in (*changes, *troubles)))


@notify.command()
@click.argument("names", metavar="[CHANNEL]…", nargs=-1)
@pass_session
@output_options
def test(session: Session, output: Output, names: tuple[str, ...]) -> int:
    """Send the newest change (or, without one, a greeting) through these channels, or through all."""
    from archive import query
    from archive.errors import NotFound
    from archive.notify import Message, deliver, message
    from archive.notify.channels import NotDelivered

    alerts = session.workspace.settings.alerts
    if not alerts.channel and not names:
        raise NotFound("no channel in onrecord.toml", hint=_HINT, code="channel.missing")
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
    output.rows(told, ("channel", "by", "outcome"))
    return int(any(row["outcome"] != "sent" for row in told))
