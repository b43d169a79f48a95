"""What one answer means for the page that was asked for. PURE: status, reading and addresses in, an outcome out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from archive.records import PageKind, VisitOutcome
from archive.urls import urlkey
from crawler.extraction.page_kind import kind_of_answer

_KINDS: dict[PageKind, VisitOutcome] = {
    "page": "content",
    "not_html": "content",
    "soft404": "soft404",
    "blocked": "blocked",
    "login": "blocked",
    "cookie_wall": "blocked",
    "maintenance": "blocked",
}
_NONE: Mapping[str, str] = MappingProxyType({})


def classify(
    *,
    status: int,
    asked: str,
    final: str,
    kind: PageKind | None,
    shared: Collection[str],
    headers: Mapping[str, str] = _NONE,
    title: str = "",
    length: int = 0,
    missing: Collection[int] = (),
) -> VisitOutcome:
    """Say what a visit showed.

    `kind` is that of the reading (None: the payload was not read, being known or no article); `shared` are the urlkeys of
    destinations many addresses may be sent to (home, sections): a redirect there means that the page is no longer served
    (EDGI's error-redirect sink). `headers` (names in lower case), the page's `title` and the `length` of its body in bytes
    tell a challenge whose words say nothing. `missing` are statuses that this portal gives, as 404, where a page is gone.
    """
    if status == 304:
        return "not_modified"
    if status == 410:
        return "gone"
    if status == 404 or status in missing:
        return "missing"
    if 300 <= status < 400:
        return "error"  # a redirect that could not be followed
    if status >= 200 and _is_challenge(status, headers, title, length):
        return "blocked"
    if status >= 400 or status < 200:
        return "blocked" if kind is not None and _KINDS[kind] == "blocked" else "error"
    if kind is not None and _KINDS[kind] != "content":
        return _KINDS[kind]
    if not same_page(asked, final):
        return "redirect_home" if is_shared(final, shared) and not is_shared(asked, shared) else "redirect"
    return "content"


def _is_challenge(status: int, headers: Mapping[str, str], title: str, length: int) -> bool:
    """Whether the server's own word makes it a block. The title of a 200 was weighed by the reading, together with its text:
    by itself it may be news ("Access denied to 300 lorries at the border").
    """
    return kind_of_answer(status, headers, title="" if status == 200 else title, length=length) == "blocked"


def same_page(asked: str, final: str) -> bool:
    """A redirect between two spellings of one address: scheme, `www.`, a final slash or an index document."""
    return urlkey(asked) == urlkey(final) or _bare(asked) == _bare(final)


def is_shared(url: str, shared: Collection[str]) -> bool:
    """Whether an address is a home or listing page rather than a page of its own."""
    return urlkey(url) in shared or _bare(url)[1] == ""


def _bare(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    path = parts.path.rsplit("/", 1)
    tail = path[1] if len(path) == 2 and not path[1].startswith(("index.", "default.")) else ""
    return (parts.netloc.lower().removeprefix("www."), f"{path[0]}/{tail}".strip("/"), parts.query)
