"""`verify --deep`: payloads are read again under the rules their readings name, and must give the same words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, select

from archive.errors import OnrecordError
from archive.message import decoded, parse_response
from archive.models import Base
from archive.records import Locator, Reading
from archive.verify.values import Problem, Report
from archive.warc import read_record
from archive.workspace import Workspace

Reread = Callable[[str, str, bytes, str, str | None, datetime], Reading | None]
"""(rules digest, portal file, body, url, content type, at) -> reading; None when these rules cannot be run any more."""


def reread(workspace: Workspace, connection: Connection, read: Reread, report: Report) -> None:
    """Read every payload with a reading again."""
    reading, rules, capture, warc = (Base.metadata.tables[name] for name in ("reading", "rules", "capture", "warc"))
    query = (
        select(
            reading.c.id,
            reading.c.payload_id,
            reading.c.textprint,
            reading.c.context,
            rules.c.digest,
            rules.c.definition,
            capture.c.url,
            capture.c.urlkey,
            capture.c.at,
            capture.c.offset,
            capture.c.length,
            capture.c.sha256,
            warc.c.name,
        )
        .join(rules, rules.c.id == reading.c.rules_id)
        .join(capture, capture.c.payload_id == reading.c.payload_id)
        .join(warc, warc.c.id == capture.c.warc_id)
        .where(capture.c.record == "response", capture.c.urlkey == reading.c.context)
        .order_by(reading.c.id, capture.c.at)
    )
    done: set[int] = set()
    skipped = 0
    for row in connection.execute(query):
        if row.id in done:
            continue
        done.add(row.id)
        try:
            record = read_record(workspace.evidence, Locator(row.name, row.offset, row.length, row.sha256))
        except OnrecordError:
            continue  # named already
        message = parse_response(record.block)
        body = decoded(message, workspace.settings.crawl.max_body).body
        again = read(row.digest, row.definition, body, row.url, message.header("Content-Type"), row.at)
        if again is None:
            skipped += 1
        elif again.textprint != row.textprint:
            said = f"reading {row.id}: the same bytes under the same rules give other words"
            report.problems.append(Problem(row.name, row.offset, said))
    if skipped:
        report.notices.append(f"{skipped} readings were made by an extractor that is not installed any more")
