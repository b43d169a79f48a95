"""The commands of the store itself."""

from __future__ import annotations

from archive.cli.registry import Entry

COMMANDS: tuple[Entry, ...] = (
    Entry("init", "archive.cli.init:init", "archive", "make an archive in a folder"),
    Entry("doctor", "archive.cli.doctor:doctor", "archive", "check this machine and the archive; --fix repairs"),
    Entry("config", "archive.cli.config:config", "archive", "show the settings in force and where they come from"),
    Entry("completion", "archive.cli.completion:completion", "archive", "print the completion script of a shell"),
)
