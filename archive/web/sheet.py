"""The evidence of one version on a sheet to print: what was captured, how to check it, and what it does not prove."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from archive import query
from archive.errors import NotFound
from archive.export.citations import STYLES, citable
from archive.web.asked import Asked
from archive.web.view import View

STYLE = "bluebook"
KEYS = (
    *("captured_at", "sha256", "record_sha256", "warc", "offset", "length", "fidelity"),
    *("status", "body_captured_at"),
)


def sheet(asked: Asked, session: Session) -> View:
    """The sheet of `ID` (its newest text) or `ID@2`; of a version that is gone, that of the answer which says so."""
    version = query.resolve(session, asked.path["ref"]).last
    if version is not None and version["state"] != "content":
        return _of_absence(asked, session, version["state"])
    row = query.show(session, asked.path["ref"])
    evidence = row["evidence"]
    if evidence is None:
        raise NotFound(f"no capture is kept of {row['page']}@{row['version']}", code="capture.missing")
    told_of = next(found for found in query.history(session, row["page"]) if found["version"] == row["version"])
    site = query.portal_names(session)[row["portal"]]
    told: dict[str, Any] = {
        "page": row["page"],
        "version": row["version"],
        "url": row["url"],
        "headline": row["headline"],
        "not_before": told_of["not_before"],
        "seen_at": told_of["seen_at"],
        "last_seen": told_of["last_seen"],
        "visits": told_of["visits"],
        **{name: evidence[name] for name in KEYS},
        "ledger": query.ledger_place(session, row["page"], row["version"]),
    }
    title = f"Evidence of {row['headline'] or row['url']}"
    shown = {
        **told,
        "site": site,
        "row": row,
        "returned": told_of["kind"] == "back",
        "cited": STYLES[STYLE](citable(row, site, asked.base)) if evidence["sha256"] else None,
        "stamp": stamp(row),
        "paragraphs": [part for part in row["articleBody"].split("\n\n") if part.strip()],
        "printed": datetime.now(UTC).replace(second=0, microsecond=0),
    }
    return View("sheet.html", title, told, shown)


def stamp(row: Mapping[str, Any] | None) -> str | None:
    """The 14 digits by which the replay knows the capture that something stands on."""
    evidence = row["evidence"] if row is not None else None
    return evidence["captured_at"].astimezone(UTC).strftime("%Y%m%d%H%M%S") if evidence else None


def _of_absence(asked: Asked, session: Session, state: str) -> View:
    """What was answered in place of a text. Only of a page that is gone: one that moved has its evidence where it went."""
    gone = query.absence(session, asked.path["ref"]) if state == "gone" else None
    before = query.show(session, asked.path["ref"])
    leads_on = f"the sheet of the text before: /pages/{before['page']}@{before['version']}/evidence"
    if gone is None or gone["evidence"] is None:
        why = "it moved" if gone is None else "no answer is kept"
        raise NotFound(f"this version of {before['page']} is no text: {why}", hint=leads_on, code="capture.missing")
    told = {**{name: gone[name] for name in gone if name != "evidence"}, **{name: gone["evidence"][name] for name in KEYS}}
    told["ledger"] = query.ledger_place(session, gone["page"], gone["version"])
    shown = {
        **told,
        "site": query.portal_names(session)[before["portal"]],
        "row": before,
        "stamp": stamp(gone),
        "printed": datetime.now(UTC).replace(second=0, microsecond=0),
    }
    return View("absence.html", f"Evidence that {before['headline'] or before['url']} is gone", told, shown)
