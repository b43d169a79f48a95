"""PURE: what a hub shows. A listing page, a feed or a sitemap in; the articles it names, in order, and its next pages out."""

from __future__ import annotations

from crawler.listings.feed import parse_feed
from crawler.listings.listing import Candidate, Listing
from crawler.listings.page import parse_listing
from crawler.listings.sitemap import parse_sitemap

__all__ = ["Candidate", "Listing", "parse_feed", "parse_listing", "parse_sitemap"]
