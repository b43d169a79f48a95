"""The flags every command takes, wherever they stand, and the one decorator of commands that print data."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from archive.cli.session import Session
from archive.output import FORMATS

R = TypeVar("R")
GLOBAL_HELP = "-C, --json, --format, --columns, -q, -v, --color, --no-input, --no-pager and --tz work here too: onrecord --help"
Setter = Callable[[Session, Any], None]


def global_options(*, hidden: bool) -> list[click.Option]:
    """Fresh options that write into the Session; shown on the front page, accepted everywhere."""

    def option(*names: str, setter: Setter, **attributes: Any) -> click.Option:
        def callback(context: click.Context, _parameter: click.Parameter, value: Any) -> None:
            if value:
                setter(context.ensure_object(Session), value)

        return click.Option([*names], callback=callback, expose_value=False, is_eager=True, hidden=hidden, **attributes)

    def set_to(name: str) -> Setter:
        return lambda session, value: setattr(session, name, value)

    return [
        option(
            "-C",
            "--archive",
            metavar="DIR",
            type=click.Path(path_type=Path),
            setter=set_to("archive"),
            help="Use the archive in DIR (default: $ONRECORD_ARCHIVE, else the nearest one at or above here).",
        ),
        option(
            "--json", is_flag=True, setter=lambda session, _: setattr(session, "format", "json"), help="Same as --format json."
        ),
        option("--format", type=click.Choice(FORMATS), setter=set_to("format"), help="How data is written."),
        option("--columns", metavar="A,B", setter=_set_columns, help="Only these fields, in this order."),
        option("-q", "--quiet", is_flag=True, setter=set_to("quiet"), help="No messages, only data, warnings and errors."),
        option("-v", "--verbose", count=True, setter=set_to("verbose"), help="More messages; -vv adds tracebacks."),
        option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            setter=set_to("color"),
            help="Colour (see also NO_COLOR).",
        ),
        option("--no-input", is_flag=True, setter=set_to("no_input"), help="Never ask; take the default answers."),
        option("--no-pager", is_flag=True, setter=set_to("no_pager"), help="Never open $PAGER."),
        option("--tz", metavar="ZONE", setter=_set_zone, help="Times in this zone: Asia/Baku, UTC, local."),
    ]


def accept_global_options(command: click.Command) -> click.Command:
    """Give a command and its sub-commands the global flags they do not define themselves."""
    own = {name for parameter in command.params for name in parameter.opts}
    command.params = [*command.params, *(option for option in global_options(hidden=True) if own.isdisjoint(option.opts))]
    if isinstance(command, click.Group):
        for sub_command in command.commands.values():
            accept_global_options(sub_command)
    else:
        command.epilog = "\n\n".join(filter(None, [command.epilog, GLOBAL_HELP]))
    return command


def output_options(function: Callable[..., R]) -> Callable[..., R]:
    """Mark a command that prints data: it is called with `output=Output(...)` as the flags of the call say."""

    @functools.wraps(function)
    def with_output(*args: Any, **kwargs: Any) -> R:
        session = click.get_current_context().ensure_object(Session)
        return function(*args, output=session.output, **kwargs)

    return with_output


def _set_columns(session: Session, value: str) -> None:
    session.columns = tuple(name.strip() for name in value.split(",") if name.strip())


def _set_zone(session: Session, value: str) -> None:
    from archive.output import times

    times.zone(value)  # a wrong name is a usage error before anything runs
    session.tz = value
