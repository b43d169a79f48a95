"""Versions as a folder of Markdown files, one a page; with every version, one a version."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from archive.export.markdown import document
from archive.output.times import localised

_SLUG = 60  # characters of the readable part of a file's name


def markdown_folder(rows: Iterable[Mapping[str, Any]], folder: Path, *, every: bool = False) -> int:
    """Write the files; returns how many. A file that is there already is replaced, others are left alone."""
    count = 0
    for row in rows:
        path = folder / file_name(row["portal"], row["page"], row["url"], row["version"] if every else None)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(document(localised(row, None)), encoding="utf-8", errors="replace", newline="\n")
        count += 1
    return count


def file_name(portal: str, page: str, url: str, version: int | None = None) -> str:
    """A page's file: readable, the same through all its versions, and inside the folder whatever its address says."""
    words = re.sub(r"\W+", "-", unquote(urlsplit(url).path)).strip("-_").lower()
    slug = words[-_SLUG:].encode("utf-8", "ignore")[-120:].decode("utf-8", "ignore").strip("-_")
    mark = f"@{version}" if version is not None else ""
    return f"{re.sub(r'[^a-z0-9-]', '-', portal) or 'portal'}/{slug or 'page'}-{page[:16]}{mark}.md"
