"""A work goes on at another address: told by a redirect, or by the same text found where a page went missing.

One Change of kind `moved` on the new page stands for both ends; the old page gets a version that says where it leads.
"""

from __future__ import annotations

from sqlalchemy import Select, func, select

from archive.ingest.batch import Batch, Timeline
from archive.ingest.changes import add_change, compare_texts, make_moved
from archive.ingest.pages import Wanted
from archive.ingest.rows import Row, table
from archive.ingest.seen import Seen
from archive.ingest.values import Ingested
from archive.ingest.works import new_work
from archive.records import Article
from archive.versioning import is_another_text

MIN_TEXT = 200  # characters of a body that only its own article has


def redirected(batch: Batch, page: Row, timeline: Timeline, seen: Seen) -> Ingested | None:
    """A redirect to another page. None when it leads to something else than this page's work: then the page is missing."""
    visit = seen.visit
    target = batch.pages.of(Wanted(visit.final_url or visit.url, page["role"]))
    end, old = batch.timeline(target, visit.variant), timeline.content
    article = _text_at(batch, end, seen)
    if old is None:  # an address that never showed anything of its own
        batch.claim(target, page["url"], "redirect", visit.at)
        page |= {"moved_to_id": target["id"], "state": "live", "first_missing_at": None, "missing_visits": 0}
        made = end.content is None and _first_content(batch, target, seen)
        return Ingested(target["key"], "live", "new" if made else None)
    before = _article_of(batch, old)
    if article is None or before is None:
        return Ingested(page["key"], page["state"], None, old["n"])
    if is_another_text(before, article):
        return None
    last = timeline.last
    if last is not None and last["state"] == "redirect" and last["location"] == visit.final_url:
        batch.extend(last, seen.visit_id, visit.at)
        return Ingested(page["key"], "live", None, last["n"])
    if end.content is None:
        _first_content(batch, target, seen)
    _move(batch, page, old, target, seen, article, before)
    return Ingested(target["key"], "live", "moved", end.last["n"] if end.last else None)


def found_elsewhere(batch: Batch, page: Row, content: Row, seen: Seen) -> bool:
    """The page is missing: does a page first seen since show its very text?"""
    batch.pages.flush()
    found = _same_text(batch, page, content["reading_id"])
    if found is None:
        return False
    page_ = table("page")
    query = found.where(page_.c.state == "live", page_.c.first_seen > page["last_seen"], page_.c.moved_to_id.is_(None))
    number = batch.connection.execute(query.order_by(page_.c.first_seen).limit(1)).scalar()
    if number is None:
        return False
    target = batch.pages.named(number)
    end = batch.timeline(target, seen.visit.variant)
    text = _article_of(batch, content)
    if end.content is None or text is None:
        return False
    _move(batch, page, content, target, seen, text, text)
    return True


def came_from(batch: Batch, page: Row, version: Row, article: Article | None, seen: Seen) -> bool:
    """The page is new: did a page that is missing show its very text?"""
    if not batch.pages.any_missing():
        return False
    found = _same_text(batch, page, version["reading_id"]) if article is not None else None
    if found is None or article is None:
        return False
    page_ = table("page")
    query = found.where(page_.c.state != "live", page_.c.last_seen < version["first_at"], page_.c.moved_to_id.is_(None))
    number = batch.connection.execute(query.order_by(page_.c.last_seen.desc()).limit(1)).scalar()
    if number is None:
        return False
    source = batch.pages.named(number)
    old = batch.timeline(source, version["variant"]).content
    if old is None:
        return False
    _move(batch, source, old, page, seen, article, article)
    return True


def _move(batch: Batch, source: Row, old: Row, target: Row, seen: Seen, article: Article, before: Article) -> None:
    at = seen.visit.at
    end = batch.timeline(target, seen.visit.variant)
    leads = batch.add_version(
        source,
        seen.visit.variant,
        state="redirect",
        visit_id=seen.visit_id,
        at=at,
        status=seen.kept[0].message.status if seen.kept else None,
        location=target["url"] if seen.visit.final_url is None else seen.visit.final_url,
        capture_id=seen.capture_ids[0] if seen.capture_ids else None,
        work_id=old["work_id"],
    )
    source |= {"moved_to_id": target["id"], "state": "live", "first_missing_at": None, "missing_visits": 0}
    batch.pages.touch(source)
    batch.claim(target, source["url"], "moved", at)
    compared = compare_texts(batch, before, article)
    diff = compared.diff if compared else None
    is_new = end.content is not None and end.content["n"] == 1 and end.content["first_at"] > old["last_at"]
    if not is_new or end.content is None:  # two addresses of one work are now one
        add_change(
            batch,
            target,
            leads,
            "moved",
            at=at,
            previous=old,
            not_before=old["last_at"],
            from_url=source["url"],
            diff=diff,
            why="moved to a page that was there",
            score=0.3,
        )
        return
    end.content["work_id"] = old["work_id"]
    batch.changed("version", end.content)
    make_moved(batch, end.content, previous=old, not_before=old["last_at"], at=at, diff=diff, from_url=source["url"])


def _first_content(batch: Batch, target: Row, seen: Seen) -> bool:
    """The first version of a page met at the end of a redirect; False when nothing could be read there."""
    reading = seen.reading
    if reading is None or seen.truncated or not seen.payload_ids or seen.payload_ids[-1] is None:
        return False
    at = seen.visit.at
    if target["rules_id"] is None:
        target["rules_id"] = batch.rules_id
    version = batch.add_version(
        target,
        seen.visit.variant,
        state="content",
        visit_id=seen.visit_id,
        at=at,
        status=seen.kept[-1].message.status,
        reading_id=batch.readings.store(reading, seen.payload_ids[-1], target["rules_id"], target["urlkey"]),
        capture_id=seen.capture_ids[-1],
        work_id=new_work(batch, target, seen.visit.variant, at, reading.article.inLanguage),
        print=reading.textprint,
    )
    target |= {"first_seen": at, "last_seen": at, "last_visit_at": at}
    batch.pages.touch(target)
    add_change(batch, target, version, "new", at=at)
    return True


def _text_at(batch: Batch, end: Timeline, seen: Seen) -> Article | None:
    """What the end of the redirect shows: as just read, else as last known."""
    if seen.reading is not None and not seen.truncated:
        return seen.reading.article
    return _article_of(batch, end.content) if end.content else None


def _article_of(batch: Batch, version: Row) -> Article | None:
    return batch.readings.article(version["reading_id"]) if version["reading_id"] else None


def _same_text(batch: Batch, page: Row, reading_id: int | None) -> Select[int] | None:
    """Other pages of the portal whose timeline has a version with the headline and body of this reading."""
    if reading_id is None:
        return None
    batch.settle()
    reading, version, page_ = table("reading"), table("version"), table("page")
    row = batch.connection.execute(
        select(reading.c.bodyprint, func.length(reading.c.body)).where(reading.c.id == reading_id)
    ).one()
    if row[1] < MIN_TEXT:
        return None
    return (
        select(page_.c.id)
        .join(version, (version.c.page_id == page_.c.id) & (version.c.rules_id == page_.c.rules_id))
        .join(reading, reading.c.id == version.c.reading_id)
        .where(reading.c.bodyprint == row[0], page_.c.portal_id == batch.portal_id, page_.c.id != page["id"])
    )
