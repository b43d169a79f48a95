"""`onrecord portal check`: does every line of a portal's file still hold?"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.errors import UnhealthyCrawl
from archive.output import Output

if TYPE_CHECKING:
    from archive.output.screen import Screen
    from crawler.checking import Check

KEYS = ("portal", "check", "subject", "ok", "detail", "hint")


@click.command()
@click.argument("name", metavar="PORTAL")
@click.option("--max-requests", type=click.IntRange(min=3), default=40, show_default=True, help="Ask no more than this.")
@pass_session
@output_options
def check(session: Session, output: Output, name: str, max_requests: int) -> int:
    """Test each line of a portal's file against the portal as it is now; exit code 4 where one does not hold.

    \b
      onrecord portal check example-az
    """
    from crawler import portal_file
    from crawler.checking import check_portal
    from crawler.learning import check_texts
    from crawler.looking import look

    workspace = session.workspace
    portal = portal_file.find(workspace, name)
    checks = look(
        workspace,
        lambda fetch: check_portal(portal, fetch, max_requests=max_requests),
        delay=portal.politeness.delay,
        obey=portal.about.robots.obey,
    )
    checks += check_texts(workspace, portal)
    if output.machine:
        output.rows([{"portal": portal.about.id, **asdict(item)} for item in checks], KEYS)
    else:
        with output.text() as screen:
            _show(screen, checks)
    return UnhealthyCrawl.exit_code if any(item.ok is False for item in checks) else 0


def _show(screen: Screen, checks: list[Check]) -> None:
    for item in checks:
        mark, style = {True: ("✓", "good"), False: ("✗", "bad"), None: ("·", "dim")}[item.ok]
        subject = f" {item.subject}" if item.subject else ""
        screen.print(f"{mark} {item.check}{subject}: {item.detail}", style=style if item.ok is not True else "")
        if item.hint and item.ok is False:
            screen.print(f"  hint: {item.hint}")
