"""The commands of the store itself."""

from __future__ import annotations

from archive.cli.registry import Entry

COMMANDS: tuple[Entry, ...] = (
    Entry("init", "archive.cli.init:init", "archive", "make an archive in a folder"),
)
