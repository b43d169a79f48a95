"""WARC files in the evidence that no row of the record knows: left by an interrupted run, or strangers."""

from __future__ import annotations

from sqlalchemy import Engine, select

from archive.errors import OnrecordError
from archive.models import Base
from archive.warc import iter_records
from archive.workspace import Workspace


def unknown_files(workspace: Workspace, engine: Engine) -> dict[str, bool]:
    """Name of each file the record does not know -> whether an interrupted run left it.

    Left is what an open run began, and what was begun for a run that the record never came to know: such a file says
    who would crawl, and holds no capture, or was not even written to its first record's end. Everything else is a stranger.
    """
    warc, run = Base.metadata.tables["warc"], Base.metadata.tables["run"]
    with engine.connect() as connection:
        known = set(connection.scalars(select(warc.c.name)))
        runs = {row.uid: row.outcome for row in connection.execute(select(run.c.uid, run.c.outcome))}
    names = sorted(path.name for path in workspace.evidence.glob("*.warc*") if path.name not in known)
    return {name: _left(workspace, name, runs) for name in names}


def _left(workspace: Workspace, name: str, runs: dict[str, str]) -> bool:
    path = workspace.evidence / name
    records = iter_records(path)
    try:
        first = next(records, None)
        if first is None:
            return path.stat().st_size == 0
        fields = dict(line.partition(": ")[::2] for line in first.block.decode("utf-8", "replace").splitlines())
        uid = fields.get("isPartOf")
        if uid is None or uid in runs:
            return uid is not None and runs[uid] == "running"
        return all(record.type not in ("response", "revisit", "request") for record in records)
    except OnrecordError:
        return False
