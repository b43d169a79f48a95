"""The command line. `main` is the console script `onrecord`."""

from __future__ import annotations

import signal
from typing import NoReturn


def main() -> NoReturn:
    """Run `onrecord` with the words of the command line and end the process."""
    # While modules load, Ctrl-C ends the process on the spot: nothing has begun that would have to be ended.
    heard = signal.signal(signal.SIGINT, signal.SIG_DFL)
    from archive.cli.front import onrecord

    signal.signal(signal.SIGINT, heard)
    onrecord.main()
