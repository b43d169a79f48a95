"""A page's timeline told again under other reading rules, so that an upgrade of rules or extractor is never an edit.

Old captures are read again by the new rules; what the old rules saw as an edit and the new ones do not is one episode.
The old timeline stays where it is (droppable); the page points at the new one. Pages that read as before keep theirs
(see archive/ingest/standing.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Any

from sqlalchemy import bindparam, select

from archive.as_before import AsBefore
from archive.diffing import ArticleDiff
from archive.ingest.batch import Batch
from archive.ingest.changes import add_change, compare_texts
from archive.ingest.older import Older, older
from archive.ingest.rows import Row, in_parts, table
from archive.ingest.sentences import forget_sentences, trace_over_gap, trace_sentences
from archive.ingest.standing import keep_what_stands


def retell(batch: Batch, pages: Sequence[Row]) -> None:
    """Make the timelines of these pages again under the run's rules. A text that cannot be read again (no reader, a missing
    file) leaves a version without a reading, and the next reading of the page is taken for what it showed."""
    if not pages:
        return
    told = older(batch, pages)
    for page in pages:
        page["rules_id"] = batch.rules_id
        batch.pages.touch(page)
        batch.forget(page)
    batch.retold.pages += len(pages)
    numbers = [page["id"] for page in pages]
    batch.load_timelines(numbers)
    ends: dict[int, dict[str, datetime]] = {}
    for (page_id, variant), line in batch.timelines.items():
        if line.last is not None:
            ends.setdefault(page_id, {})[variant] = line.last["last_at"]
    standing = keep_what_stands(batch, [page for page in pages if page["id"] not in ends], told)
    left = [page for page in pages if page["id"] not in standing]
    told.find_originals(batch, left)
    batch.readings.expect(row["payload_id"] for row in told.originals.values())
    forget_sentences(batch, [page["id"] for page in left])
    changes = _changes(batch, told, left)
    for page in left:
        _retell_page(batch, page, told, changes, ends.get(page["id"], {}))


def _retell_page(batch: Batch, page: Row, told: Older, changes: Mapping[int, Row], ends: Mapping[str, datetime]) -> None:
    """`ends`: when the timelines end that the page already has under these rules."""
    if ends:  # back to rules under which it was told before: only what came since then is missing
        _trace_again(batch, page)
    for row in told.versions[page["id"]]:
        end = ends.get(row["variant"])
        if end is None or row["first_at"] > end:
            _retell_version(batch, page, row, told, changes.get(row["id"]))
        elif row["last_at"] > end:
            _go_on(batch, page, row)


def _changes(batch: Batch, told: Older, pages: Sequence[Row]) -> dict[int, Row]:
    """The changes that led to the versions of these pages."""
    found: dict[int, Row] = {}
    for some in in_parts(row["id"] for page in pages for row in told.versions[page["id"]]):
        found |= {row["to_id"]: dict(row) for row in batch.connection.execute(_led_to(), {"versions": some}).mappings()}
    return found


@cache
def _led_to() -> Any:
    change = table("change")
    return select(change).where(change.c.to_id.in_(bindparam("versions", expanding=True)))


def _trace_again(batch: Batch, page: Row) -> None:
    version = table("version")
    mine = (version.c.page_id == page["id"], version.c.rules_id == page["rules_id"], version.c.state == "content")
    query = select(version.c.id, version.c.variant, version.c.reading_id).where(*mine).order_by(version.c.variant, version.c.n)
    for old, new in pairwise(batch.connection.execute(query).all()):
        if old.variant == new.variant and old.reading_id and new.reading_id:
            before, after = (batch.readings.article(one.reading_id) for one in (old, new))
            trace_sentences(batch, page, new.variant, new.id, before, after)


def _go_on(batch: Batch, page: Row, old: Row) -> None:
    """The episode that both timelines hold lasted on under the other rules."""
    last = batch.timeline(page, old["variant"]).last
    if last is not None:
        last |= {"last_visit": old["last_visit"], "last_at": old["last_at"], "visits": max(last["visits"], old["visits"])}
        batch.changed("version", last)


def _retell_version(batch: Batch, page: Row, old: Row, told: Older, change: Row | None) -> None:
    timeline = batch.timeline(page, old["variant"])
    previous, reading_id, printed = timeline.content, None, None
    if old["state"] == "content":
        reading_id, printed = _read_again(batch, page, old, told)
    if previous is not None and timeline.last is previous and printed is not None and printed == previous["print"]:
        _merge(batch, previous, old)
        return
    diff = None
    if previous is not None and previous["reading_id"] and reading_id:
        before, after = batch.readings.article(previous["reading_id"]), batch.readings.article(reading_id)
        compared = compare_texts(batch, before, after)
        if compared is None and timeline.last is previous:
            _merge(batch, previous, old)
            return
        diff = compared.diff if compared else None
    kept = ("state", "status", "location", "work_id", "capture_id", "last_visit", "last_at", "visits")
    new = batch.add_version(
        page,
        old["variant"],
        visit_id=old["first_visit"],
        at=old["first_at"],
        reading_id=reading_id,
        print=printed,
        **{name: old[name] for name in kept},
    )
    if previous is not None and previous["reading_id"] and reading_id:
        trace_sentences(batch, page, old["variant"], new["id"], before, after)
    elif previous is not None and reading_id:
        trace_over_gap(batch, page, new, batch.readings.article(reading_id))
    _retell_change(batch, page, change, new, previous, diff)


def _merge(batch: Batch, previous: Row, old: Row) -> None:
    """Under these rules two versions are one episode."""
    batch.retold.merged += 1
    previous |= {"last_visit": old["last_visit"], "last_at": old["last_at"], "visits": previous["visits"] + old["visits"]}
    batch.changed("version", previous)


def _retell_change(
    batch: Batch, page: Row, found: Row | None, new: Row, previous: Row | None, diff: ArticleDiff | None
) -> None:
    if found is None:
        return
    if found["kind"] == "back" or (found["kind"] == "edited" and diff is not None):
        add_change(batch, page, new, found["kind"], at=found["at"], previous=previous, not_before=new["not_before"], diff=diff)
        return
    # An edit of which a side cannot be read any more, or has only bytes, stays as it was told.
    row: Row = {name: value for name, value in found.items() if name not in ("id", "seal")}
    row |= {"to_id": new["id"], "from_id": previous["id"] if previous and found["from_id"] else found["from_id"]}
    batch.pending.add("change", row)


def _read_again(batch: Batch, page: Row, version: Row, told: Older) -> tuple[int | None, str | None]:
    """The id and print of the version's text under the run's rules."""
    original = told.originals.get(version["capture_id"])
    if original is None:
        return None, None
    known = batch.readings.known(original["payload_id"], batch.rules_id, page["urlkey"])
    if known is not None:
        return known
    if version["reading_id"] is None:
        return None, f"bytes:{original['payload_sha256']}"
    again = told.again(batch, page, version)
    if isinstance(again, AsBefore):  # of this page only some texts read as before
        again = replace(batch.readings.reading(again.reading_id), extractor=batch.portal.extractor)
    if again is None or not (again.article.articleBody or again.article.headline):
        return None, None
    return batch.readings.store(again, original["payload_id"], batch.rules_id, page["urlkey"]), again.textprint
