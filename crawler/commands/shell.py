"""`onrecord shell`: a Python prompt on one page, to try selectors and rules on what the server really sent."""

from __future__ import annotations

import code
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from archive.cli.session import Session, pass_session
from archive.errors import NotFound, UsageError
from archive.records import Reading

if TYPE_CHECKING:
    from crawler.portal import Portal

MAX_BYTES = 50_000_000  # of a page once its content coding is undone
_NAMES = {
    "response": "the answer, with .css() and .xpath()",
    "reading": "what was read out of it: reading.article, .kind, .warnings",
    "read": "read(portal=…, at=…): read it again, by other rules",
    "portal": "the portal's definition (None outside an archive)",
    "row": "what `show --json` says of it (None for a page of the web)",
}


@click.command()
@click.argument("ref", metavar="URL|REF")
@click.option("-c", "--command", "statement", metavar="CODE", help="Run this, then end.")
@pass_session
def shell(session: Session, ref: str, statement: str | None) -> None:
    """A Python prompt on one page, to try selectors and rules: a version out of the archive, or a page of the web.

    What the archive knows is never asked of its server.

    \b
      onrecord shell a1f3c9@2
      onrecord shell https://portal.example.az/en/news/5631 -c 'print(response.css("h1::text").get())'
    """
    names = _kept(session, ref) or _asked(session, ref)
    if statement is not None:
        try:
            exec(compile(statement, "<command>", "exec"), names)  # noqa: S102 - what the user typed is what the command is for
        except Exception as error:
            raise UsageError(f"-c: {type(error).__name__}: {error}") from error
        return
    banner = "\n".join(f"  {name:<9} {what}" for name, what in _NAMES.items())
    code.interact(banner=f"{names['response'].url}\n{banner}", local=names, exitmsg="")


def _kept(session: Session, ref: str) -> dict[str, Any] | None:
    """The names for a version of the archive; None where the address is not in it or there is no archive."""
    from archive import query
    from archive.message import decoded
    from crawler import portal_file

    try:
        with session.record() as record:
            row = query.show(record, ref)
            answer = query.answer(record, session.workspace, ref)
    except NotFound:
        if "://" in ref:
            return None
        raise
    at = datetime.fromisoformat(row["captured_at"]) if row.get("captured_at") else datetime.now(UTC)
    portal = portal_file.find(session.workspace, row["portal"])
    body = decoded(answer, MAX_BYTES).body
    return _names(row["url"], answer.status, dict(answer.headers), body, portal, at, row)


def _asked(session: Session, url: str) -> dict[str, Any]:
    """The names for a page of the web, asked as `portal try` asks."""
    from crawler.commands.portal_try import fetch, portal_of

    portal = portal_of(session, None, url)
    answer = fetch(session, url, portal)
    headers = {"Content-Type": answer.content_type} if answer.content_type else {}
    return _names(answer.final_url, answer.status, headers, answer.body, portal, datetime.now(UTC), None)


def _names(
    url: str, status: int, headers: dict[str, str], body: bytes, portal: Portal | None, at: datetime, row: dict[str, Any] | None
) -> dict[str, Any]:
    from scrapy.responsetypes import responsetypes

    from crawler.extraction import read

    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), None)
    coded = ("content-encoding", "content-length")  # of the body as it was sent, not of this one
    plain = {name.encode(): value.encode("latin-1") for name, value in headers.items() if name.lower() not in coded}
    again = partial(read, body, url=url, content_type=kind, portal=portal, at=at)
    reading: Reading = again()
    response = responsetypes.from_args(headers=plain, url=url, body=body)(url, status=status, headers=plain, body=body)
    return {"response": response, "reading": reading, "read": again, "portal": portal, "row": row}
