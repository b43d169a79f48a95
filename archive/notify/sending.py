"""Which changes a channel has yet to be told of, and that it is told of each once.

What was sent is kept in a file beside the archive, written after each delivery: a message may come twice after a crash,
and is never left out. A channel's first look sets its beginning; what was there before is not told.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive import database, query, search
from archive.alerts import Alerts, Channel
from archive.feeds import entry
from archive.notify.channels import NotDelivered, deliver
from archive.notify.message import message
from archive.workspace import Workspace

FILE = ".alerts.json"
OVERLAP = timedelta(days=2)  # a crawl that still runs may write changes that are older than the newest one told
_EVERY = {"change": timedelta(0), "hour": timedelta(hours=1), "day": timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a channel: how many changes it was told of, or why it was not."""

    channel: str
    changes: int
    waits: str | None = None  # "begins now", "quiet hours", "digest", or the error

    @property
    def failed(self) -> bool:
        """Whether the channel could not be reached."""
        return self.waits not in (None, "begins now", "quiet hours", "digest")


def send_due(workspace: Workspace, alerts: Alerts, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> list[Sent]:
    """Tell every channel what it has yet to hear. One that fails does not keep the others from theirs."""
    told = []
    with workspace.lock("notify", "another process is sending alerts"):
        path = workspace.root / FILE
        state = read_state(path)
        for channel in alerts.channel:
            told.append(_one(workspace, alerts, channel, state, now()))
            write_state(path, state)
    return told


def _one(workspace: Workspace, alerts: Alerts, channel: Channel, state: dict[str, Any], now: datetime) -> Sent:
    mine = state.get(channel.name)
    if mine is None:
        state[channel.name] = {"since": now.isoformat(), "last": None, "sent": {}}
        return Sent(channel.name, 0, "begins now")
    if channel.is_quiet(now):
        return Sent(channel.name, 0, "quiet hours")
    last = datetime.fromisoformat(mine["last"]) if mine["last"] else None
    if last is not None and now - last < _EVERY[channel.every]:
        return Sent(channel.name, 0, "digest")
    since = datetime.fromisoformat(mine["since"])
    with database.session(workspace, readonly=True) as session:
        changes = query.changes(
            session,
            since=since,
            kinds=channel.kinds,
            fields=channel.fields or None,
            portal=channel.portal,
            section=channel.section,
            min_words=channel.min_words or None,
            among=None if channel.search is None else search.matching(session, channel.search, since),
            blocks=True,
        )
    due = [change for change in changes if entry(change, "").id not in mine["sent"]]
    batches: Sequence[Sequence[Mapping[str, Any]]] = (
        [[change] for change in reversed(due)] if channel.every == "change" else [due]
    )
    count = 0
    for batch in batches:
        if not batch:
            continue
        try:
            deliver(channel, message(batch, alerts.viewer), workspace.root)
        except NotDelivered as error:
            return Sent(channel.name, count, error.message)
        count += len(batch)
        mine["last"] = now.isoformat()
        mine["sent"] |= {entry(change, "").id: change["detected_at"].isoformat() for change in batch}
    _forget(mine, changes)
    return Sent(channel.name, count)


def _forget(mine: dict[str, Any], changes: Sequence[Mapping[str, Any]]) -> None:
    """Move the beginning on, two days behind the newest change told, and drop what lies before it."""
    newest = max((change["detected_at"] for change in changes), default=None)
    if newest is None:
        return
    since = max(datetime.fromisoformat(mine["since"]), newest - OVERLAP)
    mine["since"] = since.isoformat()
    mine["sent"] = {name: at for name, at in mine["sent"].items() if datetime.fromisoformat(at) >= since}


def read_state(path: Path) -> dict[str, Any]:
    """What was told, as the file has it; nothing where there is none or it is damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_state(path: Path, state: Mapping[str, Any]) -> None:
    """Keep what was told, wholly or not at all."""
    made = path.with_suffix(".new")
    made.write_text(json.dumps(state, indent=1), encoding="utf-8")
    made.replace(path)
