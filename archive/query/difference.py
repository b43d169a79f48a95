"""`diff`: what exactly differs between two versions, and the very bytes they were read from."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from archive.diffing import compare_articles
from archive.errors import NotFound
from archive.message import Message, decoded, parse_response
from archive.query.absence import absence_of
from archive.query.article import article_of, content_of
from archive.query.moves import two_ends
from archive.query.reference import last_content, resolve, two_versions
from archive.query.rows import local, table
from archive.records import Article, Locator
from archive.warc import read_record
from archive.workspace import Workspace

SCHEMA = "onrecord.diff/1"
_LIMIT = 64 * 1024 * 1024


class Side(NamedTuple):
    """One side of a textual comparison: its name, and its text."""

    label: str
    text: str


def diff(session: Session, ref: str, versions: str | None = None, *, zone: tzinfo | None = None) -> dict[str, Any]:
    """The comparison of two versions, as `diff --json` prints it; a version that shows nothing stands for the text before."""
    asked = resolve(session, ref, versions, zone=zone)
    named = two_versions(session, asked)
    old, new = (_with_text(session, asked.page, side) for side in named)
    return _compared(session, asked.page, old, new) | {"absent": _absent(session, asked.page, named)}


def diff_of_move(session: Session, ref: str, source: str) -> dict[str, Any]:
    """The text at a page's old address (`source`) compared with the one it moved to, in the same form; `from` says its page."""
    page, left = resolve(session, ref).page, resolve(session, source).page
    told = _compared(session, page, *two_ends(session, page, left)) | {"absent": []}
    told["from"] |= {"page": left["key"], "url": left["url"]}
    return told


def two_texts(
    session: Session,
    workspace: Workspace,
    ref: str,
    versions: str | None = None,
    *,
    raw: bool = False,
    zone: tzinfo | None = None,
) -> tuple[Side, Side]:
    """The two bodies a diff is of, or with `raw` the two payloads as text, for a line diff."""
    asked = resolve(session, ref, versions, zone=zone)
    sides = [_with_text(session, asked.page, side) for side in two_versions(session, asked)]

    def text(version: RowMapping) -> str:
        if raw:
            message = message_of(session, workspace, version)
            return decoded(message, _LIMIT).body.decode(message.charset or "utf-8", "replace")
        article = article_of(session, version)
        return _plain(article) if article is not None else ""

    old, new = (Side(f"{asked.page['key']}@{version['n']}", text(version)) for version in sides)
    return old, new


def answer(session: Session, workspace: Workspace, ref: str, *, zone: tzinfo | None = None) -> Message:
    """The very answer a version was read from: status line, headers, entity."""
    return message_of(session, workspace, content_of(session, resolve(session, ref, zone=zone)))


def message_of(session: Session, workspace: Workspace, version: RowMapping) -> Message:
    """The answer of a version out of the evidence; of a revisit or a 304, the earlier one that holds its payload."""
    capture, warc = table("capture"), table("warc")
    row = session.execute(
        select(capture, warc.c.name)
        .join(warc, warc.c.id == capture.c.warc_id)
        .where(capture.c.payload_id == version["payload_id"], capture.c.record == "response")
        .order_by(capture.c.id != version["body_id"], capture.c.at)
        .limit(1)
    ).first()
    if row is None:
        raise NotFound("no answer with a body is kept for this version")
    locator = Locator(row.name, row.offset, row.length, row.sha256)
    return parse_response(read_record(workspace.evidence, locator).block)


def _compared(session: Session, page: RowMapping, old: RowMapping, new: RowMapping) -> dict[str, Any]:
    before, after = article_of(session, old), article_of(session, new)
    timezone = page["timezone"]
    told: dict[str, Any] = {"schema": SCHEMA, "page": page["key"], "url": page["url"]}
    told |= {"from": _side(old, timezone), "to": _side(new, timezone)}
    if before is None or after is None:
        same = old["payload_sha256"] == new["payload_sha256"]
        return told | {"fields": [] if same else ["body"], "words": {"added": 0, "removed": 0}, "blocks": []}
    found = compare_articles(before, after)
    return told | {
        "fields": list(found.fields),
        "words": {"added": found.words_added, "removed": found.words_removed},
        "blocks": [dict(block) for block in found.blocks],
        "significance": found.score,
        "why": found.why,
        "declared": found.declared,
        "muted": found.muted is not None,
    }


def _with_text(session: Session, page: RowMapping, version: RowMapping) -> RowMapping:
    return version if version["state"] == "content" else last_content(session, page, version["n"])


def _absent(session: Session, page: RowMapping, named: tuple[RowMapping, RowMapping]) -> list[dict[str, Any]]:
    """The sides that are no text, for which the text before them was taken, and what the page answered."""
    keys = ("state", "answer", "since", "last_seen", "visits", "last_good")
    told = []
    for side, version in zip(("from", "to"), named, strict=True):
        if version["state"] != "content":
            found = absence_of(session, page, version)
            told.append({"side": side, "n": version["n"], **{key: found[key] for key in keys}})
    return told


def _side(version: RowMapping, timezone: str) -> dict[str, Any]:
    return {
        "n": version["n"],
        "captured_at": local(version["captured_at"] or version["first_at"], timezone),
        "sha256": version["payload_sha256"],
    }


def _plain(article: Article) -> str:
    return "\n".join([article.headline or "", "", article.articleBody, ""])
