"""A crawl that a schedule starts: a subprocess of its own, with its log file, deadline and exit code.

It lives in its own session, so that Ctrl-C at the scheduler's terminal does not reach it and a killed scheduler does not
take it along: the next leader finds it by the process id in its `due_run` row.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.workspace import Workspace

GRACE = timedelta(minutes=2)  # past its deadline a crawl gets so long for its clean end, then SIGINT, then SIGKILL


@dataclass(frozen=True, slots=True)
class Job:
    """What to crawl, as of which firing."""

    due_run: int  # id of its row
    portal: str
    scheduled_at: datetime
    recheck: str
    deadline: timedelta

    @property
    def mark(self) -> str:
        """The argument by which its process is known among others."""
        return self.scheduled_at.astimezone(UTC).isoformat()


Command = Callable[[Workspace, Job], list[str]]


def crawl_command(workspace: Workspace, job: Job) -> list[str]:
    """The command line of a scheduled crawl."""
    seconds = max(1, int(job.deadline.total_seconds()))
    return [
        *(sys.executable, "-m", "archive.cli", "crawl", job.portal, "-C", str(workspace.root), "--no-input"),
        *("--recheck", job.recheck, "--deadline", f"{seconds}s", "--scheduled-at", job.mark),
    ]


def log_path(workspace: Workspace, job: Job) -> Path:
    """Where the crawl's words go: one file a firing."""
    return workspace.logs / f"scheduled-{job.portal}-{job.scheduled_at.astimezone(UTC):%Y%m%dT%H%M%SZ}.log"


class Crawl:
    """A crawl on its way: ours, or one that an earlier leader left behind (adopted, known by its process id only)."""

    def __init__(self, job: Job, pid: int, process: subprocess.Popen[bytes] | None, killed_at: datetime) -> None:
        self.job = job
        self.pid = pid
        self._process = process
        self._killed_at = killed_at

    @classmethod
    def start(cls, workspace: Workspace, job: Job, command: Command, now: datetime) -> Crawl:
        """Start it; its output is appended to its log."""
        workspace.logs.mkdir(exist_ok=True)
        with log_path(workspace, job).open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own command, no shell
                command(workspace, job),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=workspace.root,
                start_new_session=True,
            )
        return cls(job, process.pid, process, now + job.deadline + GRACE)

    @classmethod
    def adopt(cls, job: Job, pid: int | None, now: datetime) -> Crawl | None:
        """The crawl of a leader that died, if its process still runs on this machine; looked for where its id is unknown."""
        for found in [pid] if pid is not None else _processes():
            if _runs(job, found):
                return cls(job, found, None, now + job.deadline + GRACE)
        return None

    def ended(self, now: datetime) -> bool:
        """Whether it is over; one that outlived its deadline is told to stop, then made to."""
        if now > self._killed_at + GRACE:
            self._signal(signal.SIGKILL)
        elif now > self._killed_at:
            self._signal(signal.SIGINT)
        if self._process is not None:
            return self._process.poll() is not None
        return not _runs(self.job, self.pid)

    @property
    def exit_code(self) -> int | None:
        """Of a crawl of ours that ended; None for an adopted one."""
        return None if self._process is None else self._process.returncode

    def stop(self) -> None:
        """Ask for a clean end: Scrapy finishes the requests on their way and closes the run."""
        self._signal(signal.SIGINT)

    def kill(self) -> None:
        """End it at once; what it acknowledged is kept."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process.poll() is None if self._process is not None else _runs(self.job, self.pid):
            os.kill(self.pid, number)


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _runs(job: Job, pid: int) -> bool:
    """Whether this process is the crawl of this firing: its arguments name portal and instant, and it is no zombie."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return job.portal.encode() in words and job.mark.encode() in words
