"""Who reads: the name that stands on every reading, with the versions that matter for what is read."""

from __future__ import annotations

from importlib.metadata import version

EXTRACTOR = f"onrecord {version('onrecord')}, trafilatura {version('trafilatura')}"
