"""Content that is not the last version's: a first version, an edit, another article, or a page that is back."""

from __future__ import annotations

from archive.ingest import moves
from archive.ingest.batch import Batch, Timeline
from archive.ingest.changes import Compared, add_change, compare
from archive.ingest.pages import saw
from archive.ingest.rows import Row
from archive.ingest.seen import Seen
from archive.ingest.sentences import trace_over_gap, trace_sentences
from archive.ingest.values import ChangeKind
from archive.ingest.works import new_work, note_translations
from archive.records import Article
from archive.versioning import Observed

_UNTOLD = ("image", "style", "robots")  # roles whose first version is no news


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
        saw(page, visit.at)
        return None
    kind: ChangeKind = "new" if previous is None else compared.kind if compared else "back"
    if returns and kind == "edited":
        kind = "back"
    reading_id = previous["reading_id"] if previous is not None and observed.same else None
    payload_id = seen.payload_ids[-1] if seen.payload_ids else None
    if reading is not None and payload_id is not None:
        reading_id = batch.readings.store(reading, payload_id, page["rules_id"], page["urlkey"])
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
    saw(page, visit.at)
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
        previous["reading_id"] = batch.readings.store(seen.reading, *context)
        previous["print"] = seen.reading.textprint
        trace_over_gap(batch, page, previous, seen.reading.article)
    batch.extend(previous, seen.visit_id, seen.visit.at)
    saw(page, seen.visit.at)


def _follow_up(batch: Batch, page: Row, version: Row, previous: Row | None, article: Article | None) -> None:
    """What hangs on a new text: its translations, the addresses it claims, its sentences."""
    if article is None or version["work_id"] is None:
        return
    note_translations(batch, page, version["work_id"], article)
    if article.canonicalUrl:
        batch.claim(page, article.canonicalUrl, "canonical", version["first_at"])
    if previous is not None and previous["reading_id"]:
        old = batch.readings.article(previous["reading_id"])
        trace_sentences(batch, page, version["variant"], version["id"], old, article)
