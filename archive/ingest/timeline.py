"""One visit applied to its page's timeline: extended, a new version, suspected, gone, back or moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select

from archive.ingest import moves
from archive.ingest.batch import Batch, Timeline, content_print
from archive.ingest.changes import add_change
from archive.ingest.content import new_content
from archive.ingest.pages import saw
from archive.ingest.retell import retell
from archive.ingest.rows import Row, table
from archive.ingest.seen import Seen
from archive.ingest.values import ChangeKind, Ingested
from archive.records import VisitOutcome
from archive.urls import urlkey
from archive.versioning import Decision, Observed, decide


def tell_again(batch: Batch, looked_at: Iterable[tuple[Row, Seen]]) -> None:
    """Pages that were read under other rules than those of the timeline they stand under are told again, all at once."""
    stale: dict[int, Row] = {}
    for page, seen in looked_at:
        read = seen.reading is not None and seen.visit.outcome in ("content", "redirect")
        if read and page["role"] != "hub" and page["rules_id"] not in (None, batch.rules_id):
            stale[page["id"]] = page
    retell(batch, list(stale.values()))
    batch.load_timelines(stale)


def apply(batch: Batch, page: Row, seen: Seen) -> Ingested:
    """Bring a page's timeline up to date with a visit."""
    if seen.visit.outcome == "redirect" and seen.visit.final_url and urlkey(seen.visit.final_url) == page["urlkey"]:
        seen = replace(seen, visit=replace(seen.visit, outcome="content"))  # another spelling of its own address
    visit = seen.visit
    page["last_visit_at"] = max(visit.at, page["last_visit_at"] or visit.at)
    batch.pages.touch(page)
    if page["role"] == "hub":
        if visit.outcome in ("content", "not_modified"):
            saw(page, visit.at)
        return Ingested(page["key"], "live")
    if page["rules_id"] is None:
        page["rules_id"] = batch.rules_id
    timeline = batch.timeline(page, visit.variant)
    if visit.outcome == "redirect" and visit.final_url:
        moved = moves.redirected(batch, page, timeline, seen)
        if moved is not None:
            return moved
    observed = _observed(page, seen)
    decision = decide(timeline.standing(page), observed, batch.portal.gone)
    was_missing = page["first_missing_at"] is not None
    page |= {
        "state": decision.state,
        "first_missing_at": decision.first_missing_at,
        "missing_visits": decision.missing_visits,
    }
    change = _carry_out(batch, page, timeline, seen, observed, decision)
    suspected = decision.action in ("suspect", "gone") and not was_missing and timeline.content is not None
    return Ingested(page["key"], page["state"], change, timeline.last["n"] if timeline.last else None, suspected)


def _observed(page: Row, seen: Seen) -> Observed:
    visit = seen.visit
    outcome: VisitOutcome = visit.outcome
    if outcome in ("content", "not_modified") and seen.truncated:
        outcome = "error"
    if outcome == "redirect":  # not followed to content, or to a text that is none of this page's
        outcome = "redirect_home" if visit.final_url else "error"
    same = visit.basis in ("same_bytes", "same_text", "not_modified") or outcome == "not_modified"
    content = None
    if outcome == "content" and not same:
        if seen.reading is not None and (seen.reading.article.articleBody or seen.reading.article.headline):
            content = seen.reading.textprint
        elif page["role"] != "article" and seen.kept:
            content = content_print(None, seen.kept[-1].payload)
    return Observed(outcome, visit.at, content, same)


def _carry_out(
    batch: Batch, page: Row, timeline: Timeline, seen: Seen, observed: Observed, decision: Decision
) -> ChangeKind | None:
    visit_id, at = seen.visit_id, observed.at
    match decision.action:
        case "extend" if timeline.last is not None:
            batch.extend(timeline.last, visit_id, at)
            if timeline.last["state"] == "content":
                saw(page, at)
        case "suspect" | "gone" if timeline.content is not None and moves.found_elsewhere(batch, page, timeline.content, seen):
            page |= {"state": "live", "first_missing_at": None, "missing_visits": 0}
            return "moved"
        case "gone" if timeline.content is not None:
            return _gone(batch, page, timeline.content, seen, decision)
        case "first" | "compare" | "return":
            return new_content(batch, page, timeline, seen, observed)
    return None


def _gone(batch: Batch, page: Row, content: Row, seen: Seen, decision: Decision) -> ChangeKind:
    visit, since = table("visit"), decision.first_missing_at or seen.visit.at
    first = batch.connection.execute(
        select(visit.c.id).where(visit.c.page_id == page["id"], visit.c.at == since).order_by(visit.c.id).limit(1)
    ).scalar()
    status = seen.kept[-1].message.status if seen.kept else None
    version = batch.add_version(
        page,
        seen.visit.variant,
        state="gone",
        visit_id=first or seen.visit_id,
        at=since,
        status=status,
        capture_id=seen.capture_ids[-1] if seen.capture_ids else None,
        work_id=content["work_id"],
        last_visit=seen.visit_id,
        last_at=seen.visit.at,
        visits=decision.missing_visits,
    )
    why = f"{seen.visit.outcome.replace('_', ' ')}, {decision.missing_visits} visits"
    add_change(
        batch,
        page,
        version,
        "gone",
        at=seen.visit.at,
        previous=content,
        not_before=content["last_at"],
        why=why,
        score=1.0,
    )
    return "gone"
