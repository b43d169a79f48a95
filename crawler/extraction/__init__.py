"""From bytes to an Article. PURE: no network, no disk, no clock; the same bytes and rules give the same reading."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from crawler.extraction.extractor import EXTRACTOR

if TYPE_CHECKING:
    from archive.records import Reading
    from crawler.extraction.links import Outlinks
    from crawler.portal import Portal

__all__ = ["EXTRACTOR", "read"]


def read(
    body: bytes,
    *,
    url: str,
    content_type: str | None,
    portal: Portal | None = None,
    at: datetime | None = None,
    outlinks: Outlinks | None = None,
) -> Reading:
    """Read one payload (see `crawler.extraction.reader.read`). The extractor is loaded by who reads, not by who names it:
    a crawl reads in its workers only."""
    from crawler.extraction.reader import read as read_payload

    return read_payload(body, url=url, content_type=content_type, portal=portal, at=at, outlinks=outlinks)
