"""The peers, each a process of its own: bare Scrapy (bodies dropped), wget --warc-file, and an inline toy."""

from __future__ import annotations

import sys
from pathlib import Path


def bare(base: str) -> list[str]:
    """Scrapy, 16 at once, sections only, bodies dropped."""
    return [sys.executable, str(Path(__file__).with_name("peer_bare.py")), base]


def toy(base: str, folder: str) -> list[str]:
    """Inline extraction and a commit an item: what one writes in an afternoon."""
    return [sys.executable, str(Path(__file__).with_name("peer_toy.py")), base, folder]


def wget(base: str, folder: str) -> list[str]:
    """wget's recursive crawl into a WARC."""
    return [
        "wget",
        "-q",
        "-r",
        "-l",
        "inf",
        "-e",
        "robots=off",
        f"--warc-file={folder}/wget",
        "--no-warc-keep-log",
        "-P",
        f"{folder}/tree",
        "-X",
        "/static",
        f"{base}/",
    ]
