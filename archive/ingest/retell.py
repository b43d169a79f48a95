"""A page's timeline told again under other reading rules, so that an upgrade of rules or extractor is never an edit.

Old captures are read again by the new rules; what the old rules saw as an edit and the new ones do not is one episode.
The old timeline stays where it is (droppable); the page points at the new one.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from sqlalchemy import delete, select

from archive.ingest.batch import Batch
from archive.ingest.changes import add_change, compare_texts
from archive.ingest.readings import load_article, store_reading
from archive.ingest.rows import Row, insert_rows, table
from archive.ingest.sentences import trace_sentences
from archive.ingest.unread import original_of, read_again, unread
from archive.records import Reading


def retell(batch: Batch, page: Row) -> None:
    """Make the page's timelines again under the run's rules. A text that cannot be read again (no reader, a missing
    file) leaves a version without a reading, and the next reading of the page is taken for what it showed."""
    version, stretch = table("version"), table("stretch")
    old_rules, page["rules_id"] = page["rules_id"], batch.rules_id
    batch.retold.pages += 1
    batch.pages.touch(page)
    batch.forget(page)
    batch.load_timelines([page["id"]])
    ends = {
        variant: line.last["last_at"]
        for (page_id, variant), line in batch.timelines.items()
        if page_id == page["id"] and line.last
    }
    batch.connection.execute(delete(stretch).where(stretch.c.page_id == page["id"]))
    if ends:  # back to rules under which it was told before: only what came since then is missing
        _trace_again(batch, page)
    query = select(version).where(version.c.page_id == page["id"], version.c.rules_id == old_rules)
    for row in batch.connection.execute(query.order_by(version.c.variant, version.c.n)).mappings().all():
        end = ends.get(row["variant"])
        if end is None or row["first_at"] > end:
            _retell_version(batch, page, dict(row))
        elif row["last_at"] > end:
            _go_on(batch, page, dict(row))


def _trace_again(batch: Batch, page: Row) -> None:
    version = table("version")
    mine = (version.c.page_id == page["id"], version.c.rules_id == page["rules_id"], version.c.state == "content")
    query = select(version.c.id, version.c.variant, version.c.reading_id).where(*mine).order_by(version.c.variant, version.c.n)
    for old, new in pairwise(batch.connection.execute(query).all()):
        if old.variant == new.variant and old.reading_id and new.reading_id:
            before, after = (load_article(batch.connection, one.reading_id) for one in (old, new))
            trace_sentences(batch, page, new.variant, new.id, before, after)


def _go_on(batch: Batch, page: Row, old: Row) -> None:
    """The episode that both timelines hold lasted on under the other rules."""
    last = batch.timeline(page, old["variant"]).last
    if last is not None:
        last |= {"last_visit": old["last_visit"], "last_at": old["last_at"], "visits": max(last["visits"], old["visits"])}
        batch.dirty[last["id"]] = last


def _retell_version(batch: Batch, page: Row, old: Row) -> None:
    timeline = batch.timeline(page, old["variant"])
    previous, reading_id, printed = timeline.content, None, None
    if old["state"] == "content":
        reading_id, printed = _read_again(batch, page, old)
    if previous is not None and timeline.last is previous and printed is not None and printed == previous["print"]:
        _merge(batch, previous, old)
        return
    diff = None
    if previous is not None and previous["reading_id"] and reading_id:
        before, after = load_article(batch.connection, previous["reading_id"]), load_article(batch.connection, reading_id)
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
    _retell_change(batch, page, old, new, previous, diff)


def _merge(batch: Batch, previous: Row, old: Row) -> None:
    """Under these rules two versions are one episode."""
    batch.retold.merged += 1
    previous |= {"last_visit": old["last_visit"], "last_at": old["last_at"], "visits": previous["visits"] + old["visits"]}
    batch.dirty[previous["id"]] = previous


def _retell_change(batch: Batch, page: Row, old: Row, new: Row, previous: Row | None, diff: Any) -> None:
    change = table("change")
    found = batch.connection.execute(select(change).where(change.c.to_id == old["id"])).mappings().first()
    if found is None:
        return
    if found["kind"] == "back" or (found["kind"] == "edited" and diff is not None):
        add_change(batch, page, new, found["kind"], at=found["at"], previous=previous, not_before=new["not_before"], diff=diff)
        return
    # An edit of which a side cannot be read any more, or has only bytes, stays as it was told.
    row: Row = {name: value for name, value in found.items() if name not in ("id", "seal")}
    row |= {"to_id": new["id"], "from_id": previous["id"] if previous and found["from_id"] else found["from_id"]}
    insert_rows(batch.connection, "change", [row])


def _read_again(batch: Batch, page: Row, version: Row) -> tuple[int | None, str | None]:
    """The id and print of the version's text under the run's rules."""
    reading = table("reading")
    row = original_of(batch.connection, version["capture_id"])
    if row is None:
        return None, None
    known = batch.connection.execute(
        select(reading.c.id, reading.c.textprint).where(
            reading.c.payload_id == row["payload_id"],
            reading.c.rules_id == batch.rules_id,
            reading.c.context == page["urlkey"],
        )
    ).first()
    if known is not None:
        return known[0], known[1]
    if version["reading_id"] is None:
        return None, f"bytes:{row['payload_sha256']}"
    told = _read(batch, page, row)
    if told is None or not (told.article.articleBody or told.article.headline):
        return None, None
    return store_reading(batch.connection, told, row["payload_id"], batch.rules_id, page["urlkey"]), told.textprint


def _read(batch: Batch, page: Row, capture: Row) -> Reading | None:
    wanted = unread(batch.evidence, capture, page["url"])
    if wanted in batch.readings:
        told = batch.readings[wanted]
    elif batch.reader is not None:
        told = read_again(wanted, batch.reader)
    else:
        return None
    batch.retold.captures += told is not None
    batch.retold.unread += told is None
    return told
