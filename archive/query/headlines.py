"""What are pages called? The headlines of versions that others point to."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from archive.query.rows import table


class Titled(NamedTuple):
    """A headline and the language it is in."""

    headline: str
    lang: str | None


def headlines(session: Session, refs: Collection[str]) -> dict[str, Titled]:
    """The headlines of versions by their references (`ID@2`); those without one are left out."""
    wanted = set(refs)
    asked = {"keys": sorted({ref.partition("@")[0] for ref in wanted}), "numbers": sorted({_number(ref) for ref in wanted})}
    rows = session.execute(_headlines(), asked).all() if wanted else []
    found = {f"{row.key}@{row.n}": Titled(row.headline, row.lang) for row in rows if row.headline}
    return {ref: titled for ref, titled in found.items() if ref in wanted}


@cache
def _headlines() -> Select[Any]:
    page, version, reading = table("page"), table("version"), table("reading")
    return (
        select(page.c.key, version.c.n, reading.c.headline, reading.c.lang)
        .select_from(page)
        .join(version, (version.c.page_id == page.c.id) & (version.c.rules_id == page.c.rules_id) & (version.c.variant == ""))
        .join(reading, reading.c.id == version.c.reading_id)
        .where(page.c.key.in_(bindparam("keys", expanding=True)), version.c.n.in_(bindparam("numbers", expanding=True)))
    )


def _number(ref: str) -> int:
    return int(ref.partition("@")[2])
