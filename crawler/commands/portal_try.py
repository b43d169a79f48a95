"""`onrecord portal try`: what is read out of one page, from the web or from a file."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.errors import NotFound, OnrecordError, UsageError
from archive.output import Output

if TYPE_CHECKING:
    from archive.workspace import Workspace
    from crawler.discovery import Fetched
    from crawler.portal import Portal


@click.command()
@click.argument("url", metavar="[URL]", required=False)
@click.option(
    "--file", "saved", metavar="SAVED.html", type=click.Path(path_type=Path), help="Read a saved page (HTML, or .gz)."
)
@click.option("--url", "address", metavar="URL", help="The saved page's address.")
@click.option("--portal", "name", metavar="PORTAL", help="Read by this portal's rules (default: the one whose host it is).")
@pass_session
@output_options
def try_page(
    session: Session, output: Output, url: str | None, saved: Path | None, address: str | None, name: str | None
) -> None:
    """Show what is read out of a page: headline, dates, body, links by kind. Nothing is archived.

    \b
      onrecord portal try https://portal.example.az/en/news/5631
      onrecord portal try --file page.html --url https://portal.example.az/en/news/5631 --json
    """
    from crawler.commands.article_view import as_json, show
    from crawler.extraction import read
    from crawler.saved_page import saved_body

    target = address or url
    if saved is None and target is None:
        raise click.UsageError("give a URL, or --file SAVED.html with --url URL")
    portal = portal_of(session, name, target)
    if saved is not None:
        body, kind, final = saved_body(saved), _kind(saved), target or _stated(saved_body(saved))
    else:
        answer = fetch(session, str(target), portal)
        body, kind, final = answer.body, answer.content_type, answer.final_url
    reading = read(body, url=final, content_type=kind, portal=portal, at=datetime.now(UTC))
    row = as_json(reading, portal.about.id if portal else None)
    output.one(row, lambda screen: show(screen, row))


def portal_of(session: Session, name: str | None, url: str | None) -> Portal | None:
    """The portal named, else the one of the archive (if there is one) that covers the address."""
    from crawler import portal_file

    if name is not None:
        return portal_file.find(session.workspace, name)
    try:
        workspace = session.workspace
    except NotFound:
        return None
    return portal_file.covering(workspace, url) if url else None


def _kind(path: Path) -> str | None:
    """The media type by the file's name: what a server would have said, without a charset."""
    names = {suffix.lower() for suffix in path.suffixes}
    return "application/pdf" if ".pdf" in names else "text/html"


def _stated(body: bytes) -> str:
    found = re.search(
        rb"""rel=["']?canonical["']?[^>]+href=["']([^"']+)|property=["']og:url["'][^>]+content=["']([^"']+)""", body
    )
    return (found[1] or found[2]).decode("utf-8", "replace") if found else "about:blank"


def fetch(session: Session, url: str, portal: Portal | None) -> Fetched:
    """One page of the web, asked politely: NotFound where robots.txt forbids it, another error where it is not served."""
    from datetime import timedelta

    from crawler.discovery import Fetch
    from crawler.looking import look

    async def one(fetch: Fetch) -> Fetched:
        return await fetch(url)

    obey = portal.about.robots.obey if portal else True
    delay = portal.politeness.delay if portal else timedelta(0)
    answer = look(_workspace(session), one, delay=delay, obey=obey)
    if answer.robots:
        raise NotFound(f"robots.txt forbids {url}", hint="try a saved page: --file SAVED.html --url URL", code="portal.robots")
    if answer.status == 0:
        raise OnrecordError(f"{url} does not answer: {answer.error}", code="portal.unreachable")
    if answer.status != 200:
        raise UsageError(f"{url} answers {answer.status}", code="portal.status")
    return answer


def _workspace(session: Session) -> Workspace:
    from archive import settings, workspace

    try:
        return session.workspace
    except NotFound:
        return workspace.Workspace(Path.cwd(), settings.load(None))
