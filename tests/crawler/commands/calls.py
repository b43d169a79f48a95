"""Calls of `onrecord`: in this process where nothing is fetched, in one of its own where Scrapy's reactor runs."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ENV = {**os.environ, "ONRECORD_CRAWL_ALLOW_PRIVATE": "1", "ONRECORD_CRAWL_WORKERS": "1"}


@dataclass(frozen=True)
class Done:
    """How a call ended and what it printed."""

    returncode: int
    stdout: str
    stderr: str


def onrecord(folder: Path, *words: str, env: dict[str, str] | None = None) -> Done:
    """A call in a process of its own."""
    command = [sys.executable, "-c", "from archive.cli import main; main()", *words]
    done = subprocess.run(command, cwd=folder, env=env or ENV, capture_output=True, text=True, timeout=120, check=False)
    return Done(done.returncode, done.stdout, done.stderr)


class Here:
    """Calls in this process; for commands that fetch nothing."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.chdir(folder)
        self._capsys = capsys

    def __call__(self, *words: str) -> Done:
        from archive.cli.front import FrontDoor

        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            FrontDoor().main(list(words))
        out, err = self._capsys.readouterr()
        return Done(int(ended.value.code or 0), out, err)
