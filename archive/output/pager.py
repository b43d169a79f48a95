"""When does a text go through a pager, and through which?"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO


@contextmanager
def paged(*, wanted: bool) -> Iterator[IO[str]]:
    """Standard output, or the input of `$PAGER` (`less -FRX`) where `wanted` and both ends are a terminal."""
    command = pager_command() if wanted and sys.stdout.isatty() and sys.stdin.isatty() else None
    if command is None:
        yield sys.stdout
        return
    environ = {**os.environ, "LESS": os.environ.get("LESS", "FRX"), "LESSCHARSET": "utf-8"}
    sys.stdout.flush()
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environ, text=True, encoding="utf-8", errors="replace") as pager:  # noqa: S603 - the user's own $PAGER
        if pager.stdin is None:
            raise RuntimeError("a pager without a standard input")
        try:
            yield pager.stdin
        except BrokenPipeError:
            pass  # the reader has seen enough
        finally:
            _close(pager.stdin)
            _wait(pager)


def pager_command() -> list[str] | None:
    """The words of `$PAGER`, else `less` where there is one; None for an empty `$PAGER`, `cat`, or a dumb terminal."""
    if os.environ.get("TERM") == "dumb":
        return None
    words = shlex.split(os.environ.get("PAGER", "less"))
    if not words or words[0] == "cat" or shutil.which(words[0]) is None:
        return None
    return words


def _close(stream: IO[str]) -> None:
    with suppress(BrokenPipeError):
        stream.close()


def _wait(pager: subprocess.Popen[str]) -> None:
    # Ctrl-C inside less belongs to less: leaving first would garble the terminal.
    while True:
        try:
            pager.wait()
        except KeyboardInterrupt:
            continue
        return
