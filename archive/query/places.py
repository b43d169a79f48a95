"""Where a version's capture stands in the ledger."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.query.reference import resolve
from archive.query.rows import table


def ledger_place(session: Session, page: str, version: int) -> dict[str, Any]:
    """`index` of the capture among the entries, and the first checkpoint that covers it: `size`, `root` and how many time
    stamps of others it has. All None before it is under a checkpoint."""
    capture, checkpoint = table("capture"), table("checkpoint")
    found = resolve(session, f"{page}@{version}").last
    leaf = None
    if found is not None and found["capture_id"] is not None:
        leaf = session.execute(select(capture.c.leaf).where(capture.c.id == found["capture_id"])).scalar_one()
    heads = select(checkpoint).where(checkpoint.c.size > (-1 if leaf is None else leaf)).order_by(checkpoint.c.size)
    covering = session.execute(heads).mappings().all() if leaf is not None else []
    if not covering:
        return {"index": leaf, "size": None, "root": None, "time_stamps": 0}
    stamped = next((head for head in covering if head["tokens"]), covering[0])  # a stamped one says more
    return {"index": leaf, "size": stamped["size"], "root": stamped["root"], "time_stamps": len(stamped["tokens"])}
