"""`onrecord add`: look at a portal and describe it in a file."""

from __future__ import annotations

import ipaddress
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.errors import NotFound, UsageError
from archive.output import Output
from archive.workspace import LOCKS

if TYPE_CHECKING:
    from archive.workspace import Workspace
    from crawler.discovery import Found, Proposal


def _duration(_context: click.Context, _parameter: click.Parameter, value: str | None) -> timedelta | None:
    from crawler.portal import parse_duration

    try:
        return None if value is None else parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.argument("url", metavar="URL")
@click.option("--yes", is_flag=True, help="Ask nothing; take the best answers.")
@click.option("--delay", metavar="5s", callback=_duration, help="Time between requests, now and in the file (default 1s).")
@click.option("--max-requests", type=int, default=40, show_default=True, help="Look at no more than this many addresses.")
@click.option("--id", "portal_id", metavar="ID", help="Name of the file and of the portal in commands (default: the host).")
@click.option("--name", help="The portal's name (default: what its pages share).")
@click.option("--tz", metavar="ZONE", help="The portal's time zone: Asia/Baku.")
@click.option("--refresh", is_flag=True, help="Look again at a known portal and show what would change in its file.")
@pass_session
@output_options
def add(session: Session, output: Output, url: str, yes: bool, refresh: bool, **options: Any) -> None:
    """Look at a portal's home page, politely, and write what was found to portals/ID.toml.

    The file is yours: what you edit stays. An archive is made here if there is none.

    \b
      onrecord add https://portal.example.az
      onrecord add https://portal.example.az --refresh     what changed since
    """
    from crawler import portal_draft, portal_file
    from crawler.commands.proposal_view import as_json, show
    from crawler.discovery import explore
    from crawler.looking import look
    from crawler.pace import Pace

    workspace, missing = _workspace(session)
    home = _address(url)
    delay = _delay(home, options["delay"], workspace)
    known = None if missing or options["portal_id"] else portal_file.covering(workspace, home)
    if known is not None and not refresh:
        raise UsageError(
            f"{home} is the portal {known.about.id} already",
            hint="--refresh shows what would change; --id NAME adds another file",
            code="portal.exists",
        )
    if known is not None:
        options["portal_id"] = known.about.id
    if options["portal_id"]:
        portal_file.path_of(workspace, options["portal_id"])

    def tell(text: str) -> None:
        if not output.machine:  # a program reads standard error too: one object, should something go wrong
            session.say(text)

    tell(f"Looking at {home} …")
    found = look(
        workspace,
        lambda fetch: explore(home, fetch, max_requests=options["max_requests"], tell=lambda text: tell(f"  {text}")),
        delay=delay,
    )
    proposal = _decided(found, session, yes=yes, **options)
    path = portal_file.path_of(workspace, proposal.id.value)
    if path.exists() and not refresh:
        raise UsageError(f"{path} is there already", hint="--id NAME gives another name", code="portal.exists")
    text = portal_draft.draft(proposal, delay=_delay_line(proposal, options["delay"]))
    portal_file.parse(text, "the proposed file")
    if missing:
        _make(workspace, session)
        Pace(workspace.root / LOCKS).wait(urlsplit(home).hostname or "", delay.total_seconds())  # it was asked just now
    new, diff = portal_file.merged(path, text, datetime.now(UTC).date()) if path.exists() else (text, "")
    output.one(as_json(proposal, path) | ({"diff": diff} if refresh else {}), lambda screen: show(screen, proposal, diff))
    for note in proposal.notes:
        session.warn(note)
    if refresh and not diff:
        session.say(f"Nothing new for {path.name}.")
    elif yes or session.confirm(f"Write {path.parent.name}/{path.name}?", default=not refresh):
        portal_file.write(path, new, drafted=text)
        session.say(f"Wrote {path.parent.name}/{path.name}.  Next: onrecord crawl {proposal.id.value} --limit 20")


def _workspace(session: Session) -> tuple[Workspace, bool]:
    """The archive, and whether it has yet to be made."""
    from archive import settings, workspace

    try:
        return session.workspace, False
    except NotFound as error:
        if error.code != "archive.missing":
            raise
        root = session.archive or Path(os.environ.get("ONRECORD_ARCHIVE") or ".")
        return workspace.Workspace(root.absolute(), settings.load(None)), True


def _make(planned: Workspace, session: Session) -> None:
    from archive import database, workspace

    database.upgrade(workspace.create(planned.root))
    session.say(f"Made an archive in {planned.root}")


def _address(url: str) -> str:
    """The home page's address; https where no scheme is given."""
    from archive.urls import canonical_url

    try:
        return canonical_url(url if "://" in url else f"https://{url}")
    except ValueError as error:
        raise UsageError(f"not an http(s) address: {url}", hint="onrecord add https://portal.example.az") from error


def _delay(home: str, asked: timedelta | None, workspace: Workspace) -> timedelta:
    """Time between requests: what was asked, never under a second but on private addresses with allow_private."""
    from crawler.wire import is_public

    least = timedelta(seconds=1)
    if asked is None or asked >= least:
        return asked or least
    host = urlsplit(home).hostname or ""
    if workspace.settings.crawl.allow_private and (host == "localhost" or (_is_address(host) and not is_public(host))):
        return asked
    raise UsageError(
        "a delay under a second is for private addresses only",
        hint="set ONRECORD_CRAWL_ALLOW_PRIVATE=1 and give a loopback or private address",
        code="delay",
    )


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _delay_line(proposal: Proposal, asked: timedelta | None) -> Found[str]:
    from crawler.discovery import Found

    if asked is not None:
        return Found(_seconds(asked), "asked for with --delay; robots.txt may ask for more")
    if proposal.crawl_delay and proposal.crawl_delay > 1:
        return Found(f"{proposal.crawl_delay:g}s", "robots.txt crawl-delay")
    return Found("1s", "robots.txt names no crawl-delay")


def _seconds(delay: timedelta) -> str:
    seconds = delay.total_seconds()
    return f"{seconds:g}s"


def _decided(
    proposal: Proposal, session: Session, *, yes: bool, portal_id: str | None, name: str | None, tz: str | None, **_: Any
) -> Proposal:
    """The proposal with what the flags say and, where two time zones fit, what the person answers."""
    from crawler.discovery import Found

    asked = "given on the command line"
    if portal_id:
        proposal = replace(proposal, id=Found(portal_id, asked))
    if name:
        proposal = replace(proposal, name=Found(name, asked))
    if tz:
        return replace(proposal, timezone=Found(tz, asked), zones=())
    if not proposal.zones or yes or session.no_input or not sys.stdin.isatty():
        return proposal
    choices = [proposal.timezone.value, *proposal.zones]
    answer = click.prompt("Time zone", type=click.Choice(choices), default=choices[0], err=True)
    return replace(proposal, timezone=Found(answer, "chosen"), zones=()) if answer != choices[0] else proposal
