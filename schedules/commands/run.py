"""`onrecord schedule run`: the scheduler as a process in the foreground."""

from __future__ import annotations

import logging
import signal
import sys

import click

from archive.cli.session import Session, pass_session


@click.command()
@click.option("--once", is_flag=True, help="Run what is due now, wait for it, and end; for cron and tests.")
@pass_session
def run(session: Session, *, once: bool) -> None:
    """Run the schedules until SIGTERM or Ctrl-C; crawls then get a clean end.

    A second one on the same archive stands by and takes over when the first is gone. With --once a schedule that has
    never run counts as due; the exit code is that of the worst crawl.
    """
    from schedules.runner import Runner

    level = logging.WARNING if session.quiet else logging.INFO
    logging.basicConfig(stream=sys.stderr, level=level, format="%(asctime)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%S%z")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    runner = Runner(session.workspace)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: runner.stop())
    if not once:
        runner.run()
        return
    codes = runner.run_once()
    if not codes:
        session.say("nothing is due: onrecord schedule list")
    if any(codes):
        raise click.exceptions.Exit(max(codes))
