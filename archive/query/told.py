"""Which changes are told: one condition for lists, calendars, counts and figures, so that they say the same numbers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_


def told(change: Any, page: Any, to: Any, *, muted: bool = False) -> list[ColumnElement[bool]]:
    """The conditions of a change with its page and the version it led to: it is of the timeline under the rules in force,
    of an article, or of a document once that is known (not its first sight); no furniture, unless `muted`."""
    in_force = or_(to.c.rules_id == page.c.rules_id, to.c.page_id != change.c.page_id)
    role = or_(page.c.role == "article", and_(page.c.role == "document", change.c.kind != "new"))
    # `muted` last: it stands behind the changed paragraphs, and SQLite reads rows from their beginning.
    return [in_force, role, *([] if muted else [change.c.muted.is_(None)])]
