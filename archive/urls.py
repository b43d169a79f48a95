"""Which addresses are the same page: the only place that decides it."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

from archive.digests import short_id
from archive.surt import surt

# Parameters that mean tracking and nothing else. courlan's list also drops `session`, `source`, `ref`, `cid`, `eid` and
# `keyword`, which on public portals name content (a parliament's session, an event's id): two pages would become one.
_TRACKING = re.compile(
    r"(?:utm|mtm|itm|pk|piwik|matomo|hsa|oly|vero|ysclid|at_custom)_\w*|(?:fbc|gc|dc|yc|ysc|twc)lid|"
    r"(?:msclk|igsh|wbra|gbra)id|mc_[ce]id|_ga|_gl|_openstat|_hsenc|_hsmi|mkt_tok",
    re.IGNORECASE,
)
# Session ids, as web archives strip them; the length keeps a `sid=12` that names content.
_SESSION = re.compile(r"(?:jsessionid|phpsessid|sid)=[0-9a-z]{26,40}|aspsessionid[a-z]{8}=[a-z]{24}", re.IGNORECASE)
_PATH_SESSION = re.compile(r";jsessionid=[0-9a-z.!_-]+", re.IGNORECASE)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_PORTS = {"http": 80, "https": 443}


@lru_cache(maxsize=20_000)
def canonical_url(url: str) -> str:
    """The address to ask and to keep: escaped, host lower case, no fragment, tracking, session id or default port.

    Query arguments are sorted and otherwise kept as written. Idempotent. ValueError for what is no http(s) URL with a host.
    """
    parts = urlsplit(safe_url_string(url.strip()))
    if parts.scheme.lower() not in _PORTS or not parts.hostname:
        raise ValueError(f"not an http(s) address: {url!r}")
    scheme, netloc, path, _, _ = urlsplit(canonicalize_url(urlunsplit((*parts[:3], "", ""))))
    if parts.port == _PORTS[scheme]:
        netloc = netloc.rsplit(":", 1)[0]
    pairs = (_ESCAPE.sub(lambda match: match[0].upper(), pair) for pair in parts.query.split("&"))
    query = "&".join(sorted(pair for pair in pairs if pair and not _is_noise(pair)))
    return urlunsplit((scheme, netloc, _PATH_SESSION.sub("", path) or "/", query, ""))


def _is_noise(pair: str) -> bool:
    return bool(_TRACKING.fullmatch(pair.split("=", 1)[0]) or _SESSION.fullmatch(pair))


@lru_cache(maxsize=20_000)
def urlkey(url: str) -> str:
    """What names the page of an address: the SURT of its canonical form, "az,example)/en/news?id=5".

    Equal for http and https, with and without www, a final slash, tracking parameters, and upper or lower case: the
    conventions of web archives, and what SharePoint and other IIS portals mix in their own links. Where a portal does
    tell pages apart by case, its file names an `identity`.
    """
    try:
        return surt(canonical_url(url))
    except ValueError:
        return surt(url)


def page_key(portal: str, key: str) -> str:
    """The id of a page as people see it: 16 hex digits (64 bits) of the sha256 of the portal's slug and the urlkey."""
    return short_id(portal, key)
