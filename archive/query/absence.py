"""What did a page answer when it was gone: since when, how often was it looked at, and where is the evidence of it?"""

from __future__ import annotations

from datetime import tzinfo
from http import HTTPStatus
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from archive.errors import NotFound
from archive.query.article import evidence_of
from archive.query.reference import find_version, last_content, resolve
from archive.query.rows import local, table


def absence(session: Session, ref: str, *, zone: tzinfo | None = None) -> dict[str, Any] | None:
    """The removal that `ref` names, or else the one that its page stands at now; None where the page is not gone."""
    asked = resolve(session, ref, zone=zone)
    version = asked.last
    if version is None or version["state"] != "gone":
        try:
            version = find_version(session, asked.page, "last")
        except NotFound:
            return None
    return absence_of(session, asked.page, version) if version["state"] == "gone" else None


def absence_of(session: Session, page: RowMapping, version: RowMapping) -> dict[str, Any]:
    """A version that is no text: `answer` in words, `since` and `visits` of it, `last_good` the text before."""
    zone = page["timezone"]
    return {
        "page": page["key"],
        "version": version["n"],
        "url": page["url"],
        "state": version["state"],
        **_answer(session, version),
        "since": local(version["first_at"], zone),
        "last_seen": local(version["last_at"], zone),
        "not_before": local(version["not_before"], zone),
        "visits": version["visits"],
        "last_good": f"{page['key']}@{last_content(session, page, version['n'])['n']}",
        "evidence": evidence_of(session, version, zone),
    }


def _answer(session: Session, version: RowMapping) -> dict[str, Any]:
    """`answer`, `status` and `location`: of the page's own address, and of the end of the way where that says more."""
    if version["state"] == "redirect":  # told by an answer, or by the same text elsewhere: then the capture is the other page's
        return {"answer": f"moved to {version['location']}", "status": version["status"], "location": version["location"]}
    capture, visit, end = table("capture"), table("visit"), table("capture").alias("end")
    row = session.execute(
        select(capture.c.status, capture.c.location, visit.c.outcome, end.c.status.label("last"))
        .select_from(capture)
        .join(visit, visit.c.id == capture.c.visit_id)
        .join(end, end.c.visit_id == visit.c.id)
        .where(capture.c.id == version["capture_id"])
        .order_by(end.c.hop.desc())
        .limit(1)
    ).first()
    if row is None:
        return {"answer": "nothing that was kept", "status": version["status"], "location": None}
    told = in_words(row.status, row.location, row.outcome, row.last)
    return {"answer": told, "status": row.status, "location": row.location}


def in_words(status: int, location: str | None, outcome: str, last: int) -> str:
    """How a page that is gone answers, in a few words: `404 Not Found`, `302 to …`, `200 with words that …`."""
    soft = "200 with words that say it does not exist (a soft 404)"
    if location is not None and 300 <= status < 400:
        end = soft if outcome == "soft404" else named(last) if last >= 400 else None
        return f"{status} to {location}" + (f", which answers {end}" if end else "")
    return soft if outcome == "soft404" and status == 200 else named(status)


def named(status: int) -> str:
    """A status with its phrase: `404 Not Found`."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
