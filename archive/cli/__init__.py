"""The command line. `main` is the console script `onrecord`."""

from __future__ import annotations

from typing import NoReturn


def main() -> NoReturn:
    """Run `onrecord` with the words of the command line and end the process."""
    from archive.cli.front import onrecord

    onrecord.main()
