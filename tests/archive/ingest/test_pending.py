"""Rows that wait to be written: their ids are free, others may point at them, they may still change."""

from __future__ import annotations

from sqlalchemy import func, select

from archive import database
from archive.database import open_engine, writing
from archive.ingest.pending import Pending
from archive.ingest.rows import table
from archive.workspace import Workspace


def work(key: str) -> dict[str, object]:
    return {"key": key, "lang": None, "translation_of": None}


def test_ids_of_waiting_rows_are_taken_by_no_other_batch(store: Workspace) -> None:
    database.upgrade(store)
    target, taken = table("work"), []
    for batch in range(3):
        with writing(open_engine(store)) as connection:
            pending = Pending(connection)
            taken += [pending.add("work", work(f"{batch} {number}")) for number in range(40)]
            pending.settle()
            taken.append(pending.add("work", work(f"{batch} after")))
            pending.settle()
    with open_engine(store, readonly=True).connect() as connection:
        assert sorted(taken) == sorted(connection.execute(select(target.c.id)).scalars())
        assert connection.execute(select(func.count()).select_from(target)).scalar_one() == 123
    assert len(set(taken)) == 123


def test_a_row_that_waits_is_written_as_it_is_in_the_end_without_what_cannot_be_stored(store: Workspace) -> None:
    database.upgrade(store)
    with writing(open_engine(store)) as connection:
        pending = Pending(connection)
        row = work("a\x00b")
        number = pending.add("work", row)
        assert pending.get("work", number) is row
        row["lang"] = "az"
        pending.settle()
        assert pending.get("work", number) is None
        written = connection.execute(select(table("work")).where(table("work").c.id == number)).one()
    assert (written.key, written.lang) == ("a\ufffdb", "az")
