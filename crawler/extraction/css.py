"""What does a CSS selector of a portal's rules find? Compiled once a process."""

from __future__ import annotations

from functools import lru_cache

from lxml.cssselect import CSSSelector


@lru_cache(maxsize=512)
def selector(css: str) -> CSSSelector:
    """A compiled CSS selector; call it with a tree."""
    return CSSSelector(css, translator="html")
