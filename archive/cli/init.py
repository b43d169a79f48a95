"""`onrecord init`: make an archive."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output
from archive.output.screen import Screen


@click.command()
@click.argument("directory", required=False, type=click.Path(path_type=Path, file_okay=False))
@pass_session
@output_options
def init(session: Session, output: Output, directory: Path | None) -> None:
    """Make an archive in DIRECTORY (default: here). What is there already is kept.

    \b
      onrecord init az && cd az
    """
    from archive import database, workspace

    root = directory or session.archive or Path()
    existed = (root / workspace.FILE).exists()
    made = workspace.create(root)
    database.upgrade(made)
    parts = [workspace.FILE, made.settings.archive.database, f"{made.settings.archive.evidence}/", "portals/"]

    def human(screen: Screen) -> None:
        name = "." if root == Path() else f"{root}/"
        screen.print(f"{'Kept' if existed else 'Created'} {name} ({', '.join(parts)})")

    output.one({"archive": str(made.root), "created": not existed, "parts": parts}, human)
    enter = "" if root.absolute() == Path.cwd() else f"cd {root}, then "
    session.say(f"Next: {enter}onrecord add https://…   or   onrecord demo")
