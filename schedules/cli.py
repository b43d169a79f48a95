"""The commands this package adds to `onrecord` (entry-point group `onrecord.commands`)."""

from __future__ import annotations

from archive.cli.registry import Entry

COMMANDS: tuple[Entry, ...] = ()
