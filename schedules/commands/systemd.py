"""`onrecord schedule systemd`: files for those who leave starting and restarting to their system."""

from __future__ import annotations

import shlex
import shutil
import sys
from typing import TYPE_CHECKING

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output

if TYPE_CHECKING:
    from archive.output.screen import Screen

SERVICE = """\
# ~/.config/systemd/user/onrecord.service, then: systemctl --user enable --now onrecord
[Unit]
Description=onrecord: crawls of {root}
Wants=network-online.target
After=network-online.target

[Service]
ExecStart={command}
Restart=on-failure
RestartSec=5
# SIGTERM asks crawls for a clean end; they get a minute.
KillMode=mixed
TimeoutStopSec=90
NoNewPrivileges=yes
PrivateTmp=yes

[Install]
WantedBy=default.target
"""
TIMER = """\
# Instead of a process that stays: ~/.config/systemd/user/onrecord-once.timer with the service below
[Timer]
OnCalendar=*:0/5
Persistent=true

[Install]
WantedBy=timers.target
"""
ONCE = """\
# ~/.config/systemd/user/onrecord-once.service
[Service]
Type=oneshot
ExecStart={command} --once
"""


@click.command()
@click.option("--crontab", is_flag=True, help="Print crontab lines instead: one a schedule, crawling without a scheduler.")
@pass_session
@output_options
def systemd(session: Session, output: Output, *, crontab: bool) -> None:
    """Print a systemd unit that keeps the scheduler running, a timer for those who prefer one, or crontab lines."""
    workspace = session.workspace
    program = shutil.which("onrecord") or f"{sys.executable} -m archive.cli"
    command = f"{program} -C {shlex.quote(str(workspace.root))} schedule run"
    if crontab:
        text = "\n".join(_crontab_lines(session, program)) + "\n"
    else:
        text = "\n".join((SERVICE, TIMER, ONCE)).format(root=workspace.root, command=command)

    def human(screen: Screen) -> None:
        screen.print(text.rstrip("\n"))

    output.one({"text": text}, human, markdown=lambda: f"```\n{text}```")


def _crontab_lines(session: Session, program: str) -> list[str]:
    from archive import database
    from schedules import schedule

    with database.session(session.workspace) as opened:
        found = list(schedule.every(opened, active=True))
    lines = []
    for item in found:
        crawl = (
            f"{program} -C {shlex.quote(str(session.workspace.root))} crawl {item.portal} --recheck {item.options.recheck} -q"
        )
        if item.rule.cron is None:
            lines.append(f"# {item.name}: {item.rule.words} cannot be said in a crontab")
        else:
            lines += [f"# {item.name}: {item.rule.words}", f"CRON_TZ={item.rule.timezone}", f"{item.rule.cron} {crawl}"]
    return lines or ["# no active schedule"]
