"""Which changes are told: one condition for lists, calendars, counts and figures, so that they say the same numbers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from archive.query.rows import table


def told(change: Any, page: Any, to: Any, *, muted: bool = False) -> list[ColumnElement[bool]]:
    """The conditions of a change with its page and the version it led to: it is of the timeline under the rules in force,
    of an article, or of a document once that is known (not its first sight); no furniture, unless `muted`."""
    owner = table("page").alias("owner")  # a page that moved to one that was there leads to a version of its own
    of_owner = select(owner.c.rules_id).where(owner.c.id == to.c.page_id).correlate(to).scalar_subquery()
    here, elsewhere = to.c.page_id == change.c.page_id, to.c.page_id != change.c.page_id
    in_force = or_(and_(here, to.c.rules_id == page.c.rules_id), and_(elsewhere, to.c.rules_id == of_owner))
    role = or_(page.c.role == "article", and_(page.c.role == "document", change.c.kind != "new"))
    # `muted` last: it stands behind the changed paragraphs, and SQLite reads rows from their beginning.
    return [in_force, role, *([] if muted else [change.c.muted.is_(None)])]
