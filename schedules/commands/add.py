"""`onrecord schedule add`: a rule, understood and echoed in words."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.errors import UsageError
from archive.output import Output

if TYPE_CHECKING:
    from archive.output.screen import Screen


@click.command()
@click.argument("portal", metavar="PORTAL")
@click.argument("when", metavar='["every 30 min"]', required=False)
@click.option("--cron", metavar="EXPR", help='A crontab(5) expression or @nickname: "0 6 * * 0", @daily.')
@click.option("--tz", "zone", metavar="ZONE", help="Its time zone (default: the portal's).")
@click.option("--name", metavar="NAME", help="What to call it (default: the portal's id).")
@click.option("--recheck", type=click.Choice(["due", "all", "none"]), help="Known pages to look at again (default: due).")
@click.option("--jitter", metavar="5m", help="Start up to so long after the firing, so that not all crawls start at once.")
@click.option("--deadline", metavar="2h", help="Stop each crawl cleanly after so long (default: 6h).")
@click.option("--grace", metavar="1h", help="Do not make up for a firing missed by more than this.")
@pass_session
@output_options
def add(
    session: Session,
    output: Output,
    portal: str,
    when: str | None,
    cron: str | None,
    zone: str | None,
    name: str | None,
    **options: Any,
) -> None:
    """Crawl a portal by a rule: words, or a crontab(5) expression (0 and 7 are Sunday).

    \b
      onrecord schedule add example-az "every 30 min 06:00-24:00"
      onrecord schedule add example-az "every sunday at 06:00" --recheck all
      onrecord schedule add example-az --cron "0 6 * * mon-fri" --tz Asia/Baku
    """
    from archive import database
    from crawler import portal_file
    from schedules import schedule

    if (when is None) == (cron is None):
        raise UsageError("say when: either words or --cron", hint='onrecord schedule add PORTAL "every 30 min"')
    workspace = session.workspace
    found = portal_file.find(workspace, portal_file.id_of(workspace, portal))
    given = {key: value for key, value in options.items() if value is not None}
    now = datetime.now(UTC)
    with database.session(workspace) as opened:
        made = schedule.add(opened, found, (cron or when or "").strip(), timezone=zone, name=name, options=given, now=now)
    fires = list(islice(made.rule.fires(now), 3))

    def human(screen: Screen) -> None:
        from archive.output.times import moment

        written = f"{made.rule.cron} = " if made.rule.cron else ""
        screen.print(f"{made.name}: {written}{made.rule.words}")
        screen.print("next: " + ", ".join(moment(at) for at in fires))
        screen.print("Run it: onrecord schedule run   (or: onrecord schedule systemd)", style="dim")

    row = {
        "name": made.name,
        "portal": made.portal,
        "cron": made.rule.cron,
        "words": made.rule.words,
        "timezone": made.rule.timezone,
        "next": fires[0] if fires else None,
    }
    output.one(row, human)
