"""pywb in an environment of its own: beside Scrapy it would replace Google's brotli by another package of that name."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def environment() -> Path:
    """The bin folder of an environment with pywb, made once a machine; the test is skipped when it cannot be made."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "onrecord-tests"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "pywb.lock").open("w") as lock:  # test processes run side by side
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _made(cache / "pywb-2")


def _made(cache: Path) -> Path:
    ready = cache / "ready"
    if not ready.exists():
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", cache], capture_output=True, text=True)
        if made.returncode == 0:
            pip = [cache / "bin/pip", "install", "-q", "--disable-pip-version-check", "pywb>=2.9,<3"]
            made = subprocess.run(pip, capture_output=True, text=True, timeout=600)
        if made.returncode != 0:
            pytest.skip(f"pywb cannot be installed here: {(made.stderr or made.stdout).strip().splitlines()[-1:]}")
        ready.touch()
    return cache / "bin"


@contextmanager
def wayback(warcs: list[Path], folder: Path) -> Iterator[str]:
    """pywb serving these files; the address of the collection."""
    tools = environment()
    for words in (["init", "c"], ["add", "c", *warcs]):
        subprocess.run([tools / "wb-manager", *words], cwd=folder, check=True, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (folder / "pywb.log").open("wb")
    process = subprocess.Popen([tools / "wayback", "-b", "127.0.0.1", "-p", str(port)], cwd=folder, stdout=log, stderr=log)
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/c/", timeout=2).close()
                break
            except OSError:
                assert process.poll() is None, (folder / "pywb.log").read_text()[-2000:]
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/c"
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()
