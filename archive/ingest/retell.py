"""A page's timeline told again under other reading rules, so that an upgrade of rules or extractor is never an edit.

Old captures are read again by the new rules; what the old rules saw as an edit and the new ones do not is one episode.
The old timeline stays where it is (droppable); the page points at the new one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select

from archive.diffing import ArticleDiff
from archive.ingest.batch import Batch
from archive.ingest.changes import add_change, compare_texts
from archive.ingest.rows import Row, table
from archive.ingest.sentences import forget_sentences, trace_sentences
from archive.ingest.unread import originals_of, read_again, unread
from archive.records import Reading


@dataclass(frozen=True, slots=True)
class _Old:
    """What the old timelines of some pages hold: their versions in order, the changes that led to them, their captures."""

    versions: dict[int, list[Row]]
    changes: dict[int, Row]
    captures: dict[int, Row]


def retell(batch: Batch, pages: Sequence[Row]) -> None:
    """Make the timelines of these pages again under the run's rules. A text that cannot be read again (no reader, a missing
    file) leaves a version without a reading, and the next reading of the page is taken for what it showed."""
    if not pages:
        return
    told = _old(batch, pages)
    for page in pages:
        page["rules_id"] = batch.rules_id
        batch.pages.touch(page)
        batch.forget(page)
    batch.retold.pages += len(pages)
    numbers = [page["id"] for page in pages]
    batch.load_timelines(numbers)
    batch.readings.expect(row["payload_id"] for row in told.captures.values())
    forget_sentences(batch, numbers)
    ends: dict[int, dict[str, datetime]] = {}
    for (page_id, variant), line in batch.timelines.items():
        if line.last is not None:
            ends.setdefault(page_id, {})[variant] = line.last["last_at"]
    for page in pages:
        _retell_page(batch, page, told, ends.get(page["id"], {}))


def _retell_page(batch: Batch, page: Row, told: _Old, ends: Mapping[str, datetime]) -> None:
    """`ends`: when the timelines end that the page already has under these rules."""
    if ends:  # back to rules under which it was told before: only what came since then is missing
        _trace_again(batch, page)
    for row in told.versions.get(page["id"], ()):
        end = ends.get(row["variant"])
        if end is None or row["first_at"] > end:
            _retell_version(batch, page, row, told)
        elif row["last_at"] > end:
            _go_on(batch, page, row)


def _old(batch: Batch, pages: Sequence[Row]) -> _Old:
    version, change = table("version"), table("change")
    by_rules: dict[int, list[int]] = {}
    for page in pages:
        by_rules.setdefault(page["rules_id"], []).append(page["id"])
    versions: dict[int, list[Row]] = {}
    for rules_id, numbers in by_rules.items():
        query = select(version).where(version.c.page_id.in_(numbers), version.c.rules_id == rules_id)
        for row in batch.connection.execute(query.order_by(version.c.variant, version.c.n)).mappings():
            versions.setdefault(row["page_id"], []).append(dict(row))
    all_rows = [row for rows in versions.values() for row in rows]
    led = select(change).where(change.c.to_id.in_([row["id"] for row in all_rows]))
    changes = {row["to_id"]: dict(row) for row in batch.connection.execute(led).mappings()}
    captures = originals_of(batch.connection, {row["capture_id"] for row in all_rows if row["capture_id"] is not None})
    return _Old(versions, changes, captures)


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


def _retell_version(batch: Batch, page: Row, old: Row, told: _Old) -> None:
    timeline = batch.timeline(page, old["variant"])
    previous, reading_id, printed = timeline.content, None, None
    if old["state"] == "content":
        reading_id, printed = _read_again(batch, page, old, told.captures.get(old["capture_id"]))
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
    _retell_change(batch, page, told.changes.get(old["id"]), new, previous, diff)


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


def _read_again(batch: Batch, page: Row, version: Row, capture: Row | None) -> tuple[int | None, str | None]:
    """The id and print of the version's text under the run's rules."""
    if capture is None:
        return None, None
    known = batch.readings.known(capture["payload_id"], batch.rules_id, page["urlkey"])
    if known is not None:
        return known
    if version["reading_id"] is None:
        return None, f"bytes:{capture['payload_sha256']}"
    told = _read(batch, page, capture)
    if told is None or not (told.article.articleBody or told.article.headline):
        return None, None
    return batch.readings.store(told, capture["payload_id"], batch.rules_id, page["urlkey"]), told.textprint


def _read(batch: Batch, page: Row, capture: Row) -> Reading | None:
    wanted = unread(batch.evidence, capture, page["url"])
    if wanted in batch.reread:
        told = batch.reread[wanted]
    elif batch.reader is not None:
        told = read_again(wanted, batch.reader)
    else:
        return None
    batch.retold.captures += told is not None
    batch.retold.unread += told is None
    return told
