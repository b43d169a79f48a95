"""`doctor`: can every portal file be read? One that cannot keeps its portal from being crawled."""

from __future__ import annotations

from collections.abc import Iterator

from archive.doctor import Finding
from archive.errors import OnrecordError
from archive.workspace import Workspace
from crawler import portal_file


def check(workspace: Workspace) -> Iterator[Finding]:
    """A finding for each file that is wrong, or one that all are right; none without portals."""
    names, wrong = portal_file.ids(workspace), False
    for name in names:
        try:
            portal_file.find(workspace, name)
        except OnrecordError as error:
            wrong = True
            yield Finding("portals", "fail", error.message, error.hint or f"onrecord portal edit {name}")
    if names and not wrong:
        yield Finding("portals", "ok", f"portal files: {len(names)}")
