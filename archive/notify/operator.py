"""Who runs the archive is told that a portal is in trouble: once, and once more when it is over.

However many crawls fail and whatever else goes wrong meanwhile, a portal in trouble is told of once; several portals that
fall ill together are one message. What was told is kept in a file beside the archive, each channel apart, so that one that
could not be reached hears of it later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from archive import database
from archive.alerts import Alerts, Channel
from archive.notify.channels import NotDelivered, deliver
from archive.notify.message import Message
from archive.notify.sending import Sent, read_state, write_state
from archive.output.safe import visible
from archive.troubles import Trouble, troubles
from archive.workspace import Workspace

FILE = ".troubles.json"


def tell_operator(workspace: Workspace, alerts: Alerts, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> list[Sent]:
    """Tell channels with `operator = true` of portals that fell ill or got well since they were told last."""
    channels = [channel for channel in alerts.channel if channel.operator]
    if not channels:
        return []
    with database.session(workspace, readonly=True) as session:
        found = troubles(session, now())
    with workspace.lock("notify-operator", "another process is telling the operator"):
        path = workspace.root / FILE
        state = read_state(path)
        told = []
        for channel in channels:
            told.append(_one(workspace, channel, state, found, now()))
            write_state(path, state)
        return told


def notice(ill: Sequence[Trouble], well: Sequence[str], now: datetime) -> Message:
    """The one message about what began and what is over."""
    portals = sorted({item.portal for item in ill})
    subject = f"trouble with {', '.join(portals)}" if ill else f"{', '.join(well)}: well again"
    lines = [f"{item.message}\n  {item.hint}" for item in ill] + [f"{name}: the trouble is over" for name in well]
    data = {
        "schema": "onrecord.operator/1",
        "id": sha256(f"{now.isoformat()} {portals} {list(well)}".encode()).hexdigest()[:32],
        "troubles": [{**asdict(item), "since": item.since.isoformat()} for item in ill],
        "over": list(well),
        "changes": [],
    }
    return Message(" ".join(visible(f"onrecord: {subject}").split())[:200], visible("\n".join(lines)) + "\n", data)


def _one(workspace: Workspace, channel: Channel, state: dict[str, Any], found: Sequence[Trouble], now: datetime) -> Sent:
    known: Mapping[str, Any] = state.get(channel.name, {})
    mine = [item for item in found if channel.portal in (None, item.portal)]
    ill = [item for item in mine if item.portal not in known]
    well = sorted(known.keys() - {item.portal for item in mine})
    if not ill and not well:
        return Sent(channel.name, 0)
    if channel.is_quiet(now):
        return Sent(channel.name, 0, "quiet hours")
    try:
        deliver(channel, notice(ill, well, now), workspace.root)
    except NotDelivered as error:
        return Sent(channel.name, 0, error.message)
    state[channel.name] = {item.portal: known.get(item.portal, now.isoformat()) for item in mine}
    return Sent(channel.name, len({item.portal for item in ill}) + len(well))
