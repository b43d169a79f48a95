"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """Something is not as it was kept: in which file, at which byte of it (of a database: which row; None: as a whole)."""

    file: str
    offset: int | None
    what: str


@dataclass
class Report:
    """The result of `verify`. `ok` counts the captures that hold; `notices` are worth knowing and no damage."""

    captures: int = 0
    ok: int = 0
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    size: int = 0
    root: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The object of `verify --json`."""
        return {
            "captures": self.captures,
            "ok": self.ok,
            "problems": [{"file": item.file, "offset": item.offset, "what": item.what} for item in self.problems],
            "ledger": {"size": self.size, "root": self.root},
            "notices": self.notices,
        }
