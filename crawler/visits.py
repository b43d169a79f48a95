"""What ingest is told of one look at a page: made from what was asked and what came back. PURE."""

from __future__ import annotations

from datetime import UTC, datetime

from archive.records import Discovery, Exchange, Reading, Sighting, Visit, VisitOutcome
from crawler.answers import Answer
from crawler.asking import Asked
from crawler.portal import Portal


def answered(
    portal: Portal,
    asked: Asked,
    answer: Answer,
    outcome: VisitOutcome,
    *,
    reading: Reading | None = None,
    sightings: tuple[Sighting, ...] = (),
    error: str | None = None,
    final_url: str | None = None,
) -> Visit:
    """A visit that got an answer."""
    pending = asked.pending
    same = asked.known is not None and asked.known.payload == answer.payload
    return Visit(
        url=pending.url,
        role=pending.role,
        at=answer.at,
        outcome=outcome,
        exchanges=answer.exchanges,
        discovery=Discovery(pending.via, pending.source),
        reading=reading,
        sightings=sightings,
        error=error,
        identity=portal.identity_of(pending.url) if pending.role == "article" else None,
        basis="not_modified" if outcome == "not_modified" else "read" if reading else "same_bytes" if same else "none",
        final_url=final_url if final_url != pending.url else None,
        requisite_of=pending.source if pending.via == "requisite" else None,
    )


def unanswered(portal: Portal, asked: Asked, outcome: VisitOutcome, why: str, exchanges: tuple[Exchange, ...]) -> Visit:
    """A visit without an answer: timeout, DNS, refused, forbidden by robots.txt; with whatever bytes came all the same."""
    pending = asked.pending
    return Visit(
        url=pending.url,
        role=pending.role,
        at=datetime.now(UTC),
        outcome=outcome,
        exchanges=exchanges,
        discovery=Discovery(pending.via, pending.source),
        error=why,
        identity=portal.identity_of(pending.url) if pending.role == "article" else None,
    )


def robots_visit(url: str, exchanges: tuple[Exchange, ...], status: int | None, error: str | None) -> Visit:
    """The look at a host's robots.txt that every crawl begins with."""
    outcome: VisitOutcome = "no_answer" if status is None else "content" if status < 300 else "error"
    if status in (404, 410):
        outcome = "missing" if status == 404 else "gone"
    at = exchanges[0].at if exchanges else datetime.now(UTC)
    return Visit(url, "robots", at, outcome, exchanges, Discovery("robots"), error=error)
