"""The one renderer: a list of rows or one object as table, JSON, JSON lines, CSV, TSV or Markdown."""

from __future__ import annotations

from archive.output.door import FORMATS, Output

__all__ = ["FORMATS", "Output"]
