"""WARC files in the evidence that no row of the record knows, and the runs that began them."""

from __future__ import annotations

from sqlalchemy import Engine, select

from archive.errors import OnrecordError
from archive.models import Base
from archive.warc import iter_records
from archive.workspace import Workspace


def unknown_files(workspace: Workspace, engine: Engine) -> dict[str, str | None]:
    """Name of each file the record does not know -> the run that its first record names (None: none)."""
    warc = Base.metadata.tables["warc"]
    with engine.connect() as connection:
        known = set(connection.scalars(select(warc.c.name)))
    names = sorted(path.name for path in workspace.evidence.glob("*.warc*") if path.name not in known)
    return {name: _run_of(workspace, name) for name in names}


def _run_of(workspace: Workspace, name: str) -> str | None:
    try:
        first = next(iter_records(workspace.evidence / name), None)
    except OnrecordError:
        return None
    if first is None:
        return None
    fields = dict(line.partition(": ")[::2] for line in first.block.decode("utf-8", "replace").splitlines())
    return fields.get("isPartOf")
