"""onrecord's store: evidence, record, and the questions asked of them. Knows no Scrapy, no extractor, no cron."""

from __future__ import annotations

__version__ = "0.1.0"
