"""`onrecord portal`: the portals of an archive and their files."""

from __future__ import annotations

from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.errors import UsageError
from archive.output import Output
from archive.output.screen import Column
from crawler.commands.add import add
from crawler.commands.portal_check import check
from crawler.commands.portal_learn import learn
from crawler.commands.portal_new import new
from crawler.commands.portal_try import try_page

if TYPE_CHECKING:
    from archive.output.screen import Screen

KEYS = ("portal", "name", "home", "languages", "timezone", "sections", "paused", "trouble")


@click.group()
def portal() -> None:
    """Show, check and change the portals of the archive; each is a file portals/ID.toml."""


portal.add_command(copy(add), "add")  # a copy: the front door gives each place its own global flags
portal.add_command(check, "check")
portal.add_command(learn, "learn")
portal.add_command(new, "new")
portal.add_command(try_page, "try")


@portal.command("list")
@pass_session
@output_options
def list_portals(session: Session, output: Output) -> None:
    """List the portals of the archive, and what is wrong with any of them."""
    from archive.troubles import troubles
    from crawler import portal_file
    from crawler.recorded import paused

    workspace = session.workspace
    resting = paused(workspace)
    with session.record() as record:
        ill = {item.portal: item.message for item in troubles(record, datetime.now(UTC))}
    rows: list[dict[str, Any]] = []
    for name in portal_file.ids(workspace):
        about = portal_file.find(workspace, name)
        rows.append(
            {
                "portal": name,
                "name": about.about.name,
                "home": about.about.home,
                "languages": list(about.about.languages),
                "timezone": about.about.timezone,
                "sections": len(about.section),
                "paused": name in resting,
                "trouble": ill.get(name),
            }
        )
    table = [
        Column("portal", style="id"),
        Column("home", grow=True),
        Column("languages", show=lambda row: " ".join(row["languages"])),
        Column("sections", right=True),
        Column(
            "trouble", "", show=lambda row: row["trouble"] or ("paused" if row["paused"] else ""), style="warn", optional=True
        ),
    ]
    output.rows(rows, KEYS, table, empty="no portal yet: onrecord add https://…")


@portal.command()
@click.argument("name", metavar="PORTAL")
@pass_session
@output_options
def show(session: Session, output: Output, name: str) -> None:
    """Show a portal's file; with --json the values in force, defaults filled in."""
    from crawler import portal_file

    found = portal_file.find(session.workspace, name)
    text = portal_file.path_of(session.workspace, found.about.id).read_text(encoding="utf-8")

    def human(screen: Screen) -> None:
        screen.print(text.rstrip("\n"))

    output.one(found.model_dump(mode="json", by_alias=True), human, markdown=lambda: f"```toml\n{text}```")


@portal.command()
@click.argument("name", metavar="PORTAL")
@pass_session
def edit(session: Session, name: str) -> None:
    """Open a portal's file in $EDITOR and check it when you are done."""
    from crawler import portal_file

    workspace = session.workspace
    path = portal_file.path_of(workspace, portal_file.id_of(workspace, name))
    while True:
        click.edit(filename=str(path))
        try:
            portal_file.find(workspace, path.stem)
            break
        except UsageError as error:
            session.warn(error.message)
            if not session.confirm("Edit again?", default=False):
                raise
    session.say(f"{path.name} is sound.  Try it: onrecord portal check {path.stem}")


@portal.command()
@click.argument("name", metavar="PORTAL")
@pass_session
def pause(session: Session, name: str) -> None:
    """Leave a portal out of crawls that do not name it."""
    _set(session, name, paused=True)


@portal.command()
@click.argument("name", metavar="PORTAL")
@pass_session
def resume(session: Session, name: str) -> None:
    """Crawl a paused portal again."""
    _set(session, name, paused=False)


def _set(session: Session, name: str, *, paused: bool) -> None:
    from crawler import pausing, portal_file

    found = portal_file.find(session.workspace, name)
    changed = pausing.set_paused(session.workspace, found, paused=paused)
    done, already = ("is paused", "was paused already") if paused else ("is crawled again", "was not paused")
    session.say(f"{found.about.id} {done}." if changed else f"{found.about.id} {already}.")


@portal.command()
@click.argument("name", metavar="PORTAL")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_session
def remove(session: Session, name: str, yes: bool) -> None:
    """Take a portal's file away: it is crawled no more. What the archive holds of it stays."""
    from crawler import portal_file

    workspace = session.workspace
    path = portal_file.path_of(workspace, portal_file.id_of(workspace, name))
    if not yes and not session.confirm(f"Remove {_short(path)}? Its pages stay in the archive.", default=False):
        raise UsageError("nothing removed", hint="--yes removes without asking", code="portal.kept")
    portal_file.remove(path)
    session.say(f"Removed {_short(path)}. Its pages stay; an earlier form of the file is in the evidence of every crawl.")


def _short(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
