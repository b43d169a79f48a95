"""What people decide: mute, star, note. Into the evidence first, so that a rebuild keeps it, then into the record."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection, select

from archive import __version__, keeping
from archive.database import open_engine, translated, upgrade
from archive.digests import short_id
from archive.errors import NotFound
from archive.ingest.captures import store_files
from archive.ingest.noise import mute_again
from archive.ingest.rows import Row, insert_rows, table, update_rows
from archive.instants import to_microseconds
from archive.testimony import dump, urn
from archive.warc import WarcWriter
from archive.workspace import Workspace

PREFIX = "decisions"  # of the WARC files; no portal is called so
SLOT = ": "  # between portal and slot in the subject of mute and unmute
Verb = Literal["mute", "unmute", "star", "unstar", "note"]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it was kept."""

    uid: str
    at: datetime
    who: str
    verb: Verb
    subject: str  # a page's key, or `portal: slot`
    reason: str | None


def decide(workspace: Workspace, verb: Verb, subject: str, *, reason: str | None = None, who: str | None = None) -> Decided:
    """Keep a decision and do what it says. `who` defaults to the login name. NotFound: no such page or portal."""
    upgrade(workspace)
    at = datetime.now(UTC)
    person = who or _login()
    made = Decided(short_id(verb, subject, str(to_microseconds(at))), at, person, verb, subject, reason)
    engine = open_engine(workspace)
    with workspace.lock(PREFIX, "another decision is being written; try again"):
        with translated(), engine.connect() as connection:
            _check(connection, made)
        keeping.before_run(workspace, engine, PREFIX)
        settings = workspace.settings.evidence
        writer = WarcWriter(workspace.evidence, prefix=PREFIX, rotate=settings.rotate, payload_digest=settings.payload_digest)
        try:
            writer.begin_run({"software": f"onrecord {__version__}", "format": "WARC File Format 1.1", "operator": person})
            written = writer.write_resource(urn("decision", made.uid), dump(told(made)), media="application/json", at=at)
            files = writer.sync()
            with translated(), engine.begin() as connection:
                store_files(connection, files)
                carry_out(connection, told(made), written.uri)
        except BaseException:
            writer.rollback()
            writer.close()
            raise
        writer.acknowledge()
        closed = writer.close()
        with translated(), engine.begin() as connection:
            store_files(connection, closed)
        keeping.after_run(workspace, engine)
    return made


def told(made: Decided) -> dict[str, Any]:
    """A decision as the evidence tells it."""
    return {
        "uid": made.uid,
        "at": made.at,
        "who": made.who,
        "verb": made.verb,
        "subject": made.subject,
        "reason": made.reason,
    }


def carry_out(connection: Connection, data: Mapping[str, Any], record_uri: str) -> None:
    """Write a decision into the record and do what it says; a rebuild calls it with what the evidence tells."""
    at = data["at"] if isinstance(data["at"], datetime) else datetime.fromisoformat(data["at"])
    row: Row = {**{key: data[key] for key in ("uid", "who", "verb", "subject", "reason")}, "at": at, "record_uri": record_uri}
    insert_rows(connection, "decision", [row])
    if data["verb"] in ("mute", "unmute"):
        slug, _, slot = data["subject"].partition(SLOT)
        _set_noise(connection, slug, slot, at, data)


def _set_noise(connection: Connection, slug: str, slot: str, at: datetime, data: Mapping[str, Any]) -> None:
    noise, portal = table("noise"), table("portal")
    portal_id = connection.execute(select(portal.c.id).where(portal.c.slug == slug)).scalar_one()
    query = select(noise).where(noise.c.portal_id == portal_id, noise.c.slot == slot, noise.c.until.is_(None))
    active = [dict(row) for row in connection.execute(query).mappings()]
    if data["verb"] == "unmute":
        for row in active:
            row["until"] = at
        update_rows(connection, "noise", active, ("until",))
    elif not active:
        why = f"decided by {data['who']}" + (f": {data['reason']}" if data["reason"] else "")
        new: Row = {"portal_id": portal_id, "slot": slot, "why": why, "since": at, "until": None}
        insert_rows(connection, "noise", [new])
    mute_again(connection, portal_id)


def _check(connection: Connection, made: Decided) -> None:
    if made.verb in ("mute", "unmute"):
        slug = made.subject.partition(SLOT)[0]
        portal = table("portal")
        if connection.execute(select(portal.c.id).where(portal.c.slug == slug)).first() is None:
            raise NotFound(f"no portal {slug!r}", hint="onrecord portal list", code="portal.missing")
        return
    page = table("page")
    if connection.execute(select(page.c.id).where(page.c.key == made.subject)).first() is None:
        raise NotFound(f"no page {made.subject}", hint="onrecord list shows the ids", code="page.missing")


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user in this container
        return "unknown"
