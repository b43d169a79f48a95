"""The commands this package adds to `onrecord` (entry-point group `onrecord.commands`)."""

from __future__ import annotations

from archive.cli.registry import Entry

COMMANDS: tuple[Entry, ...] = (
    Entry("schedule", "schedules.commands.group:schedule", "when", "when portals are crawled, and what is looked at again"),
)
