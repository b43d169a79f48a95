"""`onrecord doctor`: is this machine fit, and is the archive in order?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output

if TYPE_CHECKING:
    from archive.doctor import Finding

KEYS = ("check", "verdict", "message", "hint", "fixed")
_MARKS = {"ok": ("✓", "good"), "warn": ("!", "warn"), "fail": ("✗", "bad")}


@click.command()
@click.option("--fix", is_flag=True, help="Mend what can be mended: an older schema, the torn end of an evidence file.")
@pass_session
@output_options
def doctor(session: Session, output: Output, fix: bool) -> int:
    """Check this machine and the archive. Ends with 1 where a check failed.

    \b
      onrecord doctor
      onrecord doctor --json | jq '.[] | select(.verdict != "ok")'
    """
    findings = list(_findings(session, fix=fix))
    if output.machine:
        output.rows((asdict(finding) for finding in findings), KEYS)
    else:
        from rich.text import Text

        with output.text() as screen:
            for finding in findings:
                mark, style = _MARKS[finding.verdict]
                line = Text.assemble((mark, style), " ", finding.message, (" (mended)" if finding.fixed else "", "good"))
                screen.print(line)
                if finding.hint:
                    screen.print(Text(f"  {finding.hint}", style="dim"))
    return 1 if any(finding.verdict == "fail" for finding in findings) else 0


def _findings(session: Session, *, fix: bool) -> Iterator[Finding]:
    from archive import doctor as checks
    from archive.errors import NotFound

    yield from checks.of_machine()
    try:
        workspace = session.workspace
    except NotFound as error:
        if session.archive is not None:
            raise
        yield checks.Finding("archive", "warn", error.message, error.hint)
        return
    yield from checks.of_archive(workspace, fix=fix)
