"""How much of a page's id a person needs to see."""

from __future__ import annotations

import math
from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.query.rows import table

SHORTEST = 6


def short_ids(session: Session) -> Callable[[str], str]:
    """A function that shortens ids, also inside references (`a1f3c9@2`), to what is unique in an archive of this size.

    As git does it: so many digits that a clash among n pages is unlikely (below 1 in 250), without looking at each. Should
    two ids clash all the same, the short form is answered with both.
    """
    count = session.execute(select(func.count()).select_from(table("page"))).scalar_one()
    digits = max(SHORTEST, math.ceil((2 * math.log2(max(count, 2)) + 7) / 4))

    def short(reference: str) -> str:
        page, at, version = reference.partition("@")
        return page[:digits] + at + version

    return short
