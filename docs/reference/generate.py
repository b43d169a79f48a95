"""Writes cli.md and settings.md of this folder from the code: `python docs/reference/generate.py`; a test compares them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from archive.alerts import Alerts, Channel
from archive.cli.front import FAMILIES, FrontDoor, family_of
from archive.settings import SHORT_VARIABLES, Settings, tables

HERE = Path(__file__).resolve().parent
NOTE = "<!-- Written by docs/reference/generate.py from the code; change the code, not this file. -->\n"


def cli() -> str:
    """Every command with its help, by family."""
    door = FrontDoor()
    root = click.Context(door, info_name="onrecord", terminal_width=100, **door.context_settings)
    parts = [f"# Commands\n{NOTE}\n```\n{door.get_help(root)}\n```\n"]
    for family, title in FAMILIES.items():
        named = [entry.name for entry in door.entries.values() if not entry.hidden and family_of(entry) == family]
        if named:
            parts.append(f"\n## {title}\n")
        for name in named:
            command = door.get_command(root, name)
            if command is not None:
                parts.extend(_pages(command, click.Context(command, info_name=name, parent=root, terminal_width=100)))
    return "".join(parts)


def _pages(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"\n### {context.command_path}\n```\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                yield from _pages(below, click.Context(below, info_name=name, parent=context, terminal_width=100))


def settings() -> str:
    """Every key of onrecord.toml with its variable, default and meaning."""
    short = {place: variable for variable, place in SHORT_VARIABLES.items()}
    defaults = Settings()
    lines = [
        "# Settings\n",
        NOTE,
        (
            "\nFlags beat `ONRECORD_*` variables, which beat `onrecord.toml`, which beats the defaults; "
            "`onrecord config show --origin` says which one won.\nAn unknown key or variable is an error that names the "
            "nearest. An empty variable counts as not set; a list is written `a,b`.\n"
        ),
    ]
    for table, model in tables().items():
        lines.append(f"\n## [{table}]\n| key | variable | default | meaning |\n| --- | --- | --- | --- |\n")
        for key, field in model.model_fields.items():
            variable = f"`ONRECORD_{table}_{key}`".upper()
            if (table, key) in short:
                variable = f"`{short[table, key]}` or {variable}"
            shown = _shown(getattr(getattr(defaults, table), key))
            lines.append(f"| `{key}` | {variable} | {shown} | {field.description} |\n")
    return "".join([*lines, *_alerts()])


def _alerts() -> Iterator[str]:
    yield "\nThe environment does not set what follows.\n"
    for title, model in (("[alerts]", Alerts), ("[[alerts.channel]]", Channel)):
        yield f"\n## {title}\n| key | default | meaning |\n| --- | --- | --- |\n"
        for key, field in model.model_fields.items():
            if key != "channel":
                shown = "required" if field.is_required() else _shown(field.default)
                yield f"| `{key}` | {shown} | {field.description} |\n"


def _shown(default: object) -> str:
    if default is None or default == ():
        return "none"
    if isinstance(default, tuple):
        return "`[" + ", ".join(f'"{item}"' for item in default) + "]`"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


PAGES = {"cli.md": cli, "settings.md": settings}

if __name__ == "__main__":
    for page, write in PAGES.items():
        (HERE / page).write_text(write(), encoding="utf-8")
