"""The check of a few captures: their rows, records and places in the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from archive.errors import IntegrityError
from archive.ledger import Ledger, merkle
from archive.ledger.log import FOLDER, entries
from archive.models import Base
from archive.records import Locator
from archive.seals import seal
from archive.verify.values import Problem, Report
from archive.warc import block_digest_fits, read_member, read_record, target_uri
from archive.workspace import Workspace


def captures_of(connection: Connection, page_id: int) -> list[int]:
    """The captures of a page."""
    capture, visit = Base.metadata.tables["capture"], Base.metadata.tables["visit"]
    query = select(capture.c.id).join(visit, visit.c.id == capture.c.visit_id).where(visit.c.page_id == page_id)
    return list(connection.scalars(query.order_by(capture.c.at, capture.c.id)))


def verify_captures(workspace: Workspace, connection: Connection, numbers: Sequence[int]) -> Report:
    """Check these captures; every problem is named in the report."""
    report = Report(captures=len(numbers))
    ledger = Ledger(workspace)
    try:
        head = ledger.head()
        tiles = ledger.tiles(head.size) if head else None
        if head is not None and tiles is not None:
            report.size, report.root = head.size, head.checkpoint.root.hex()
            if merkle.root(tiles.node, head.size) != head.checkpoint.root:
                report.problems.append(Problem(FOLDER, None, "the root is not that of the tiles"))
    except IntegrityError as error:
        report.problems.append(Problem(FOLDER, None, str(error)))
        tiles = None
    capture, warc = Base.metadata.tables["capture"], Base.metadata.tables["warc"]
    for number in numbers:
        row = connection.execute(select(capture).where(capture.c.id == number)).mappings().one()
        name = str(connection.scalar(select(warc.c.name).where(warc.c.id == row["warc_id"])))
        before = len(report.problems)
        if seal(capture, row) != row["seal"]:
            report.problems.append(Problem(name, row["offset"], f"capture row {number} is not as it was written"))
        try:
            record = read_record(workspace.evidence, Locator(name, row["offset"], row["length"], row["sha256"]))
            if not block_digest_fits(record) or record.target != target_uri(row["url"]):
                report.problems.append(Problem(name, row["offset"], "the record is not the one of this capture"))
            if row["request_offset"] is not None:
                read_member(workspace.evidence, name, row["request_offset"], row["request_length"])
        except IntegrityError as error:
            report.problems.append(Problem(name, row["offset"], str(error)))
        if tiles is not None and row["leaf"] is not None and row["leaf"] < tiles.size:
            (said,) = entries(connection, row["leaf"], row["leaf"] + 1)
            if tiles.node(0, row["leaf"]) != merkle.leaf_hash(said):
                report.problems.append(Problem(FOLDER, row["leaf"], f"leaf {row['leaf']} is not this capture"))
        report.ok += len(report.problems) == before
    return report
