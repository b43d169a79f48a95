"""`onrecord config`: which settings are in force, and where each comes from."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output
from archive.output.screen import Column

KEYS = ("table", "key", "value", "origin")


@click.group()
def config() -> None:
    """Show the settings of the archive."""


@config.command()
@click.option("--origin", is_flag=True, help="Say where each value comes from: the file and line, a variable, or the default.")
@pass_session
@output_options
def show(session: Session, output: Output, origin: bool) -> None:
    """Show every setting in force; passwords and tokens as ***.

    Flags beat ONRECORD_* variables, which beat onrecord.toml, which beats the defaults.
    """
    from archive import settings, workspace
    from archive.errors import NotFound

    path: Path | None = None
    try:
        path = session.workspace.root / workspace.FILE
    except NotFound:
        if session.archive is not None:
            raise
        session.say("No archive here: these are the defaults and the environment.")
    rows = [
        {
            "table": item.table,
            "key": item.key,
            "value": settings.masked(item.key, item.value),
            "origin": item.origin,
        }
        for item in settings.effective(path)
    ]
    table = [
        Column("key", show=lambda row: f"{row['table']}.{row['key']}", style="id"),
        Column("value", grow=True),
        *([Column("origin", style="dim")] if origin else []),
    ]
    output.rows(rows, KEYS, table)
