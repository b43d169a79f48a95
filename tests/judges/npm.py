"""Packages of npm that judge us in a browser: fetched once a machine as their makers pack them, never kept here."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest


def package(name: str, version: str) -> Path:
    """The unpacked package, nothing of it run; the test is skipped where npm is absent or cannot fetch it."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"no npm on this machine: {name} cannot be fetched")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "onrecord-tests" / f"{name}-{version}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:  # test processes run side by side
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (cache / "ready").exists():
            pack = [npm, "pack", "--silent", f"{name}@{version}"]
            done = subprocess.run(pack, cwd=cache, capture_output=True, text=True, timeout=300)
            if done.returncode != 0:
                pytest.skip(f"{name} cannot be fetched here: {done.stderr.strip().splitlines()[-1:]}")
            with tarfile.open(cache / done.stdout.split()[-1]) as packed:
                packed.extractall(cache, filter="data")
            (cache / "ready").touch()
    return cache / "package"
