"""Which capture shows a version, and which one holds the body that it stands for? As SQL, for the queries of a version."""

from __future__ import annotations

from typing import Any

from sqlalchemy import FromClause, and_, case, select

from archive.query.rows import table


def shown_by(version: FromClause) -> Any:
    """The id of the capture that shows a version. The record names the last hop of a visit; what shows that a page is gone
    is the answer of its own address, not the home page that it leads to."""
    page, kept, hop = table("page").alias("own"), table("capture").alias("kept"), table("capture").alias("hop")
    own = hop.c.urlkey == page.c.urlkey
    answer = (
        select(hop.c.id)
        .select_from(hop)
        .join(kept, kept.c.visit_id == hop.c.visit_id)
        .join(page, page.c.id == version.c.page_id)
        .where(kept.c.id == version.c.capture_id)
        # Of its own address the last: the first may only say https. A page named otherwise was asked for at the first hop.
        .order_by(case((own, 0), else_=1), case((own, -hop.c.hop), else_=hop.c.hop))
        .limit(1)
        .correlate(version)
        .scalar_subquery()
    )
    return case((version.c.state == "gone", answer), else_=version.c.capture_id)


def body_of(capture: FromClause) -> Any:
    """The id of the capture whose body a capture stands for: its own; of a 304, the last that its address showed before.

    A page that says it does not exist answers 200 too, and is nothing that a 304 could stand for.
    """
    now, before, visit = table("capture").alias("now"), table("capture").alias("before"), table("visit").alias("seen_before")
    confirmed = (
        select(before.c.id)
        .select_from(now)  # not the outer capture itself: SQLite finds no outer columns in ORDER BY
        .join(before, and_(before.c.urlkey == now.c.urlkey, before.c.at <= now.c.at))
        .join(visit, visit.c.id == before.c.visit_id)
        .where(
            now.c.id == capture.c.id,
            before.c.status == 200,
            before.c.payload_id.is_not(None),
            before.c.truncated.is_(None),
            visit.c.outcome.in_(("content", "redirect")),
        )
        .order_by(case((before.c.etag == now.c.etag, 0), else_=1), before.c.at.desc(), before.c.id.desc())
        .limit(1)
        .correlate(capture)
        .scalar_subquery()
    )
    return case((and_(capture.c.status == 304, capture.c.payload_id.is_(None)), confirmed), else_=capture.c.id)
