"""The evidence of one version on a sheet to print: what was captured, how to check it, and what it does not prove."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from archive import query
from archive.errors import NotFound
from archive.export.citations import STYLES, citable
from archive.web.asked import Asked
from archive.web.view import View

STYLE = "bluebook"


def sheet(asked: Asked, session: Session) -> View:
    """The sheet of `ID` (its newest text) or `ID@2`."""
    row = query.show(session, asked.path["ref"])
    evidence = row["evidence"]
    if evidence is None:
        raise NotFound(f"no capture is kept of {row['page']}@{row['version']}", code="capture.missing")
    version = next(found for found in query.history(session, row["page"]) if found["version"] == row["version"])
    site = query.portal_names(session)[row["portal"]]
    told: dict[str, Any] = {
        "page": row["page"],
        "version": row["version"],
        "url": row["url"],
        "headline": row["headline"],
        "not_before": version["not_before"],
        "seen_at": version["seen_at"],
        "last_seen": version["last_seen"],
        "visits": version["visits"],
        **{name: evidence[name] for name in ("captured_at", "sha256", "record_sha256", "warc", "offset", "length", "fidelity")},
        "ledger": query.ledger_place(session, row["page"], row["version"]),
    }
    title = f"Evidence of {row['headline'] or row['url']}"
    shown = {
        **told,
        "site": site,
        "row": row,
        "cited": STYLES[STYLE](citable(row, site, asked.base)) if evidence["sha256"] else None,
        "stamp": evidence["captured_at"].astimezone(UTC).strftime("%Y%m%d%H%M%S"),
        "paragraphs": [part for part in row["articleBody"].split("\n\n") if part.strip()],
        "printed": datetime.now(UTC).replace(second=0, microsecond=0),
    }
    return View("sheet.html", title, told, shown)
