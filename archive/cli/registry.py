"""How a package offers commands without being imported: a name, where its click command is, and one line of help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Family = Literal["front", "pages", "portals", "when", "evidence", "out", "archive"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One command of the front door; its module is imported only when the command is used."""

    name: str
    target: str  # "package.module:attribute", a click.Command
    family: Family
    help: str
    hidden: bool = False  # an alias: works, but is not listed
