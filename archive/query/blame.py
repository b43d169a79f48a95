"""`blame`: for each sentence of a page the version that brought it, and of each one that is gone the version that took it."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.diffing import hashed
from archive.errors import NotFound
from archive.query.article import article_of
from archive.query.reference import last_content, resolve
from archive.query.rows import local, table


def blame(session: Session, ref: str, *, zone: tzinfo | None = None) -> list[dict[str, Any]]:
    """Headline and body sentence by sentence in reading order (`gone` false), then those that were taken away, the
    latest first. `version` and `seen_at` say who brought it, `until` and `gone_at` who took it."""
    asked = resolve(session, ref, zone=zone)
    page, timezone = asked.page, asked.page["timezone"]
    version, stretch = table("version"), table("stretch")
    text = last_content(session, page)
    article = article_of(session, text)
    if article is None:
        raise NotFound(f"{page['key']} shows no text", hint=f"onrecord show {page['key']} --raw")
    mine = (version.c.page_id == page["id"]) & (version.c.rules_id == page["rules_id"])
    shown = {row["id"]: row for row in session.execute(select(version).where(mine).order_by(version.c.n)).mappings()}
    first = next(row for row in shown.values() if row["state"] == "content")
    seen_at = {number: local(row["first_at"], timezone) for number, row in shown.items()}
    query = select(stretch).where(stretch.c.page_id == page["id"], stretch.c.variant == "").order_by(stretch.c.id)
    traced = session.execute(query).mappings().all()
    alive = {(row["field"], row["hash"], row["nth"]): row["born"] for row in traced if row["died"] is None}
    told: list[dict[str, Any]] = []
    for field, parts in (("headline", [article.headline or ""]), ("body", article.articleBody.split("\n\n"))):
        seen: dict[str, int] = {}
        for para, part in enumerate(parts, 1):
            for sentence in hashed(part):
                nth = seen.get(sentence.hash, 0)
                seen[sentence.hash] = nth + 1
                born = shown.get(alive.get((field, sentence.hash, nth), first["id"]), first)
                told.append(_line(field, para, sentence.text, born, None, seen_at))
    dead = [row for row in traced if row["died"] in shown and row["born"] in shown]
    for row in sorted(dead, key=lambda row: -shown[row["died"]]["n"]):
        told.append(_line(row["field"], None, row["text"], shown[row["born"]], shown[row["died"]], seen_at))  # noqa: PERF401
    return told


def _line(field: str, para: int | None, text: str, born: Any, died: Any, seen_at: dict[int, Any]) -> dict[str, Any]:
    return {
        "field": field,
        "para": para,
        "text": text,
        "version": born["n"],
        "seen_at": seen_at[born["id"]],
        "gone": died is not None,
        "until": died["n"] if died is not None else None,
        "gone_at": seen_at[died["id"]] if died is not None else None,
    }
