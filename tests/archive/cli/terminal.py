"""Runs `onrecord` as a process of its own: with pipes, or on a real pseudo-terminal of a given width."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from pathlib import Path

COMMAND = [sys.executable, "-c", "from archive.cli import main; main()"]
_CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}


def piped(*words: str, cwd: Path, stdin: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """Run with pipes on all three streams."""
    return subprocess.run(
        [*COMMAND, *words],
        cwd=cwd,
        env={**_CLEAN, **environ},
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )


def on_terminal(*words: str, cwd: Path, columns: int = 80, environ: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run on a pseudo-terminal (all three streams); the exit code and everything it showed."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    settings = {**_CLEAN, "TERM": "xterm-256color", "PAGER": "cat", **(environ or {})}
    settings.pop("COLUMNS", None)
    process = subprocess.Popen([*COMMAND, *words], cwd=cwd, env=settings, stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    shown = b""
    try:
        while data := os.read(master, 65536):
            shown += data
    except OSError:  # Linux says EIO when the last holder of the terminal is gone
        pass
    finally:
        os.close(master)
    return process.wait(timeout=60), shown.decode("utf-8", "replace").replace("\r\n", "\n")
