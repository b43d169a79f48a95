"""What does a person see when something goes wrong, and with which exit code does the process end?

An `OnrecordError` is one line and a hint; with `--json` it is `{"error":{"code","message","hint"}}`. Anything else is a
defect of ours: one line that names the log file with the traceback (`-vv` shows it too).
"""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.cli.session import Session
from archive.errors import OnrecordError, UsageError
from archive.output import FORMATS

INTERRUPTED = 130  # 128 + SIGINT, as shells have it
_EXTRAS = {"apprise": "notify", "pyarrow": "parquet", "obstore": "s3"}


def report(error: BaseException, session: Session) -> int:
    """Say what went wrong on standard error; the exit code."""
    known = _known(error)
    # Ctrl-C while pydantic builds a model at its import comes back as an error of the model, in whose words it is named.
    if isinstance(error, click.Abort | KeyboardInterrupt) or (known is None and "KeyboardInterrupt" in str(error)):
        _show(session, "interrupted", "interrupted", None)
        return INTERRUPTED
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return error.exit_code
    if known is None:
        log = _keep_traceback(error, session)
        _show(
            session,
            "defect",
            f"unexpected {type(error).__name__}: {_first_line(error)}",
            f"this is a defect of onrecord; the traceback is in {log}",
        )
        exit_code = OnrecordError.exit_code
    else:
        _show(session, known.code, known.message, known.hint)
        exit_code = known.exit_code
    if session.verbose > 1:
        traceback.print_exception(error, file=sys.stderr)
    return exit_code


def _known(error: BaseException) -> OnrecordError | None:
    if isinstance(error, OnrecordError):
        return error
    if isinstance(error, click.ClickException):
        return _of_click(error)
    if isinstance(error, ModuleNotFoundError) and error.name and error.name.partition(".")[0] in _EXTRAS:
        package = error.name.partition(".")[0]
        return OnrecordError(
            f"this needs the package {package}", hint=f"pip install 'onrecord[{_EXTRAS[package]}]'", code="extra.missing"
        )
    if isinstance(error, OSError) and error.errno is not None:
        hint = "free some space and run it again: what was acknowledged is kept" if error.errno == errno.ENOSPC else None
        place = f"{error.filename}: " if error.filename else ""
        return OnrecordError(
            f"{place}{error.strerror}", hint=hint, code=f"os.{errno.errorcode.get(error.errno, 'error').lower()}"
        )
    return None


def _of_click(error: click.ClickException) -> OnrecordError:
    message = error.format_message().rstrip(".")
    if not isinstance(error, click.UsageError):
        return OnrecordError(message)
    if message[:1].isupper() and not message[1:2].isupper():
        message = message[:1].lower() + message[1:]
    hint = f"{error.ctx.command_path} --help" if error.ctx is not None else None
    if isinstance(error, click.NoSuchOption) and (name := error.option_name.lstrip("-")) in FORMATS:
        hint = f"--format {name}"
    return UsageError(message, hint=hint)


def _show(session: Session, code: str, message: str, hint: str | None) -> None:
    from archive.output.safe import json_text, visible

    if session.format in ("json", "jsonl"):
        click.echo(json_text({"error": {"code": code, "message": message, "hint": hint}}), err=True)
        return
    colored = session.output.colored(sys.stderr)
    label = click.style("error:", fg="red", bold=True) if colored else "error:"
    click.echo(f"{label} {visible(message)}", err=True, color=True)
    if hint:
        label = click.style("hint:", fg="cyan") if colored else "hint:"
        click.echo(f"{label} {visible(hint)}", err=True, color=True)


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), "")


def _keep_traceback(error: BaseException, session: Session) -> Path:
    folder = Path(tempfile.gettempdir())
    with suppress(OnrecordError, OSError):
        session.workspace.logs.mkdir(exist_ok=True)
        folder = session.workspace.logs
    descriptor, name = tempfile.mkstemp(".log", f"crash-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-", folder)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as handle:
        handle.write(f"{' '.join(sys.argv)}\n")
        traceback.print_exception(error, file=handle)
    return Path(name)
