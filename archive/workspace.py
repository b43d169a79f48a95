"""Where an archive lives: a folder with onrecord.toml, found by walking up, and the paths inside it."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from archive import settings as settings_module
from archive.errors import Busy, NotFound, OnrecordError, UsageError
from archive.settings import Settings

FILE = "onrecord.toml"
LOCKS = ".locks"  # folder of locks, and of what hosts asked for (crawler.pace)

TEMPLATE = """\
# An onrecord archive. Every key: `onrecord config show`; order of precedence: flags, ONRECORD_* variables, this file.
[archive]
# database = "postgresql+psycopg://user@host/onrecord"     # default: archive.db beside this file
# evidence = "warc"

[crawl]
# contact = "you@example.org"       # goes into the User-Agent, so that the portal can reach you
"""


@dataclass(frozen=True, slots=True)
class Workspace:
    """One archive: its root folder and settings."""

    root: Path
    settings: Settings

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL of the record."""
        value = self.settings.archive.database
        if "://" in value:
            return value.replace("postgresql://", "postgresql+psycopg://", 1)
        return f"sqlite:///{quote(str((self.root / value).absolute()))}"

    @property
    def evidence(self) -> Path:
        """Folder of the WARC files."""
        return self.root / self.settings.archive.evidence

    @property
    def portals(self) -> Path:
        """Folder of the portal files."""
        return self.root / "portals"

    @property
    def logs(self) -> Path:
        """Folder of run logs."""
        return self.root / "logs"

    @contextmanager
    def lock(self, name: str, busy: str) -> Iterator[None]:
        """Hold an exclusive lock of this workspace while inside; `Busy` with the sentence `busy` when another has it."""
        if not re.fullmatch(r"\w[\w.-]*", name):
            raise UsageError(f"no lock can be named {name!r}")
        folder = self.root / LOCKS
        folder.mkdir(exist_ok=True)
        handle = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                holder = os.pread(handle, 64, 0).decode("ascii", "replace").strip()
                raise Busy(busy + (f" (pid {holder})" if holder else "")) from error
            os.ftruncate(handle, 0)
            os.pwrite(handle, str(os.getpid()).encode(), 0)
            yield
        finally:
            os.close(handle)


def create(root: Path) -> Workspace:
    """Make a workspace folder with its settings file; an existing one is opened, never overwritten."""
    try:
        for folder in (root, root / "portals", root / "logs"):
            folder.mkdir(parents=True, exist_ok=True)
        path = root / FILE
        if not path.exists():
            path.write_text(TEMPLATE, encoding="utf-8")
        workspace = open_at(root)
        workspace.evidence.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OnrecordError(f"cannot make an archive in {root}: {error.strerror}", code="workspace.unwritable") from error
    return workspace


def open_at(root: Path, environ: Mapping[str, str] | None = None) -> Workspace:
    """The workspace in exactly this folder."""
    path = root / FILE
    if not path.is_file():
        raise NotFound(f"no archive in {root}: there is no {FILE}", hint=f"onrecord init {root}", code="archive.missing")
    return Workspace(root.absolute(), settings_module.load(path, environ))


def find(start: Path | None = None) -> Workspace:
    """The workspace named by ONRECORD_ARCHIVE, else the nearest one at or above `start` (default: here)."""
    named = os.environ.get("ONRECORD_ARCHIVE")
    if start is None and named:
        return open_at(Path(named))
    here = (start or Path.cwd()).absolute()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return open_at(folder)
    raise NotFound(
        f"no archive here: no {FILE} in {here} or above it",
        hint="onrecord init  or  onrecord -C DIR …",
        code="archive.missing",
    )
