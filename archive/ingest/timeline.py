"""One visit applied to its page's timeline: extended, a new version, suspected, gone, back or moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from archive.ingest import moves
from archive.ingest.batch import Batch, Timeline, content_print
from archive.ingest.changes import Compared, add_change, compare
from archive.ingest.evidence import Kept
from archive.ingest.readings import load_article, store_reading
from archive.ingest.retell import retell
from archive.ingest.rows import Row, table
from archive.ingest.sentences import trace_sentences
from archive.ingest.values import ChangeKind, Ingested
from archive.ingest.works import link_translations, new_work
from archive.records import Article, Reading, Visit, VisitOutcome
from archive.urls import urlkey
from archive.versioning import Decision, Observed, decide

_READ_KINDS = ("page", "not_html")
_UNTOLD = ("image", "robots")  # roles whose first version is no news


@dataclass(frozen=True, slots=True)
class Seen:
    """A visit with its rows: what was kept of it, hop by hop, and the ids of captures and payloads."""

    visit: Visit
    visit_id: int
    kept: Sequence[Kept]
    capture_ids: Sequence[int]
    payload_ids: Sequence[int | None]

    @property
    def reading(self) -> Reading | None:
        """The reading, where it is one of content."""
        reading = self.visit.reading
        return reading if reading is not None and reading.kind in _READ_KINDS else None

    @property
    def truncated(self) -> bool:
        """Whether the last answer was cut off: kept, but never compared."""
        return bool(self.kept) and (self.kept[-1].exchange.truncated is not None or not self.kept[-1].message.complete)


def apply(batch: Batch, page: Row, seen: Seen) -> Ingested:
    """Bring a page's timeline up to date with a visit."""
    if seen.visit.outcome == "redirect" and seen.visit.final_url and urlkey(seen.visit.final_url) == page["urlkey"]:
        seen = replace(seen, visit=replace(seen.visit, outcome="content"))  # another spelling of its own address
    visit = seen.visit
    page["last_visit_at"] = max(visit.at, page["last_visit_at"] or visit.at)
    batch.pages.touch(page)
    if page["role"] == "hub":
        if visit.outcome in ("content", "not_modified"):
            _saw(page, visit.at)
        return Ingested(page["key"], "live")
    reading = seen.reading
    if page["rules_id"] is None:
        page["rules_id"] = batch.rules_id
    elif reading is not None and page["rules_id"] != batch.rules_id and visit.outcome in ("content", "redirect"):
        retell(batch, page)
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
                _saw(page, at)
        case "suspect" | "gone" if timeline.content is not None and moves.found_elsewhere(batch, page, timeline.content, seen):
            page |= {"state": "live", "first_missing_at": None, "missing_visits": 0}
            return "moved"
        case "gone" if timeline.content is not None:
            return _gone(batch, page, timeline.content, seen, decision)
        case "first" | "compare" | "return":
            return new_content(batch, page, timeline, seen, observed)
    return None


def _saw(page: Row, at: datetime) -> None:
    page["first_seen"] = min(at, page["first_seen"] or at)
    page["last_seen"] = max(at, page["last_seen"] or at)


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


def new_content(batch: Batch, page: Row, timeline: Timeline, seen: Seen, observed: Observed) -> ChangeKind | None:
    """Content that is not the last version's: a first version, an edit, another article, or the page is back."""
    visit, reading, previous = seen.visit, seen.reading, timeline.content
    article = reading.article if reading is not None else None
    compared: Compared | None = None
    returns = timeline.last is not None and timeline.last["state"] != "content"
    if previous is not None and previous["reading_id"] is None and article is not None and page["role"] == "article":
        _adopt(batch, page, previous, seen)
        return None
    if previous is not None and not (returns and (observed.same or observed.content == previous["print"])):
        if observed.same and timeline.last is not None:
            article = None
        else:
            compared = compare(batch, page, previous, article)
    if previous is not None and compared is None and not returns:
        batch.extend(previous, seen.visit_id, visit.at)
        _saw(page, visit.at)
        return None
    kind: ChangeKind = "new" if previous is None else compared.kind if compared else "back"
    if returns and kind == "edited":
        kind = "back"
    reading_id = previous["reading_id"] if previous is not None and observed.same else None
    payload_id = seen.payload_ids[-1] if seen.payload_ids else None
    if reading is not None and payload_id is not None:
        reading_id = store_reading(batch.connection, reading, payload_id, page["rules_id"], page["urlkey"])
    work_id = previous["work_id"] if previous is not None and kind != "replaced" else None
    if work_id is None and page["role"] == "article":
        work_id = new_work(batch, page, visit.variant, visit.at, article.inLanguage if article else None)
    not_before = timeline.last["last_at"] if timeline.last is not None else None
    version = batch.add_version(
        page,
        visit.variant,
        state="content",
        visit_id=seen.visit_id,
        at=visit.at,
        status=seen.kept[-1].message.status if seen.kept else None,
        reading_id=reading_id,
        capture_id=seen.capture_ids[-1] if seen.capture_ids else None,
        work_id=work_id,
        print=observed.content or (previous["print"] if previous is not None else None),
    )
    _saw(page, visit.at)
    page["moved_to_id"] = None
    if previous is None and page["role"] in _UNTOLD:
        return None
    add_change(
        batch,
        page,
        version,
        kind,
        at=visit.at,
        previous=previous,
        not_before=not_before,
        diff=compared.diff if compared else None,
    )
    _follow_up(batch, page, version, previous, article)
    return kind if previous is not None or not moves.came_from(batch, page, version, article, seen) else "moved"


def _adopt(batch: Batch, page: Row, previous: Row, seen: Seen) -> None:
    """The last version's text could not be read under the rules in force: the first that can is taken for it."""
    if seen.reading is not None and seen.payload_ids and seen.payload_ids[-1] is not None:
        context = (seen.payload_ids[-1], page["rules_id"], page["urlkey"])
        previous["reading_id"] = store_reading(batch.connection, seen.reading, *context)
        previous["print"] = seen.reading.textprint
    batch.extend(previous, seen.visit_id, seen.visit.at)
    _saw(page, seen.visit.at)


def _follow_up(batch: Batch, page: Row, version: Row, previous: Row | None, article: Article | None) -> None:
    """What hangs on a new text: its translations, the addresses it claims, its sentences."""
    if article is None or version["work_id"] is None:
        return
    link_translations(batch, page, version["work_id"], article)
    if article.canonicalUrl:
        batch.claim(page, article.canonicalUrl, "canonical", version["first_at"])
    if previous is not None and previous["reading_id"]:
        old = load_article(batch.connection, previous["reading_id"])
        trace_sentences(batch, page, version["variant"], version["id"], old, article)
