"""Every address that answers JSON, twins, feeds and the web archive's, as an OpenAPI 3.1 description."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from archive import __version__
from archive.feeds import JSON_FEED
from archive.web.asked import LONGEST, MAX_ROWS

_FILTERS = ("portal", "section")
_PERIOD = ("since", "until")
_CHANGES = ("kind", "fields", "declared", "min_words", "min_significance", "muted", "patch", *_FILTERS, *_PERIOD, "limit")
_SEARCH = ("q", "gone", "sort", "lang", "year", "status", *_FILTERS, *_PERIOD, "limit")
_PORTAL = ("section", "state", "lang", "year", "limit")
_CDX = ("output!", "url!", "matchType", "from", "to", "filter", "collapse", "limit", "sort", "fl", "closest")
# Address, what it says, whether it is a list, its filters (with ! those that must be given).
_PAGES: tuple[tuple[str, str, bool, tuple[str, ...]], ...] = (
    ("/index.json", "portals, newest changes, changes per day", False, ("year", "since", "limit")),
    ("/portals/{portal}.json", "a portal, its sections and articles", False, _PORTAL),
    ("/portals/{portal}/at/{date}.json", "a portal as it stood on a day", False, ("section", "limit")),
    ("/portals/{portal}/at.json", "the same, the day from a form", False, ("date!", "section", "limit")),
    ("/pages/{ref}.json", "an article in one of its versions", False, ()),
    ("/pages/{ref}/evidence.json", "the evidence of a version", False, ()),
    ("/pages/{ref}/log.json", "the versions of a page", True, ()),
    ("/pages/{ref}/diff/{versions}.json", "the comparison of two versions", False, ("view",)),
    ("/pages/{ref}/moved/{old}.json", "the last text at an old address against the one it moved to", False, ("view",)),
    ("/compare/{ref}.json", "the same, the versions from a form", False, ("from!", "to!", "view")),
    ("/search.json", "full text of every version", True, _SEARCH),
    ("/changes.json", "changes", True, _CHANGES),
    ("/gone.json", "pages that are missing", True, ("state", *_FILTERS, "limit")),
    ("/decided.json", "stars, notes, muted furniture", False, ()),
    ("/runs.json", "crawls and other runs", True, ("portal", "limit")),
    ("/stats.json", "figures", False, ("portal",)),
    ("/-/about.json", "what the archive holds", False, ()),
    ("/timemap/json/{url}", "all captures of an address (TimeMap)", False, ()),
    ("/web/timemap/json/{url}", "the same, where Memento clients look for it", False, ()),
    ("/cdx", "the index of captures, a row of names first (CDX)", True, _CDX),
)
_FEEDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("/index.feed.json", "newest changes", ("limit",)),
    ("/portals/{portal}.feed.json", "changes of a portal", _PORTAL),
    ("/pages/{ref}.feed.json", "changes of a page", ()),
    ("/search.feed.json", "changes that brought or took a text", ("q!", *_SEARCH[1:])),
    ("/changes.feed.json", "changes", _CHANGES),
    ("/gone.feed.json", "pages that went missing", ("state", *_FILTERS, "limit")),
)
_NUMBERS = {"limit": MAX_ROWS, "year": 9999, "min_words": 1_000_000}


def filters_of(address: str) -> tuple[str, ...]:
    """The filters that a page takes, by the address of its JSON twin."""
    return next(filters for known, _, _, filters in _PAGES if known == address)


async def openapi(_request: Request) -> Response:
    """The description."""
    paths = {page[0]: _operation(*page) for page in _PAGES}
    paths |= {
        address: _operation(address, f"{says}, as a JSON Feed", False, filters, JSON_FEED) for address, says, filters in _FEEDS
    }
    return JSONResponse(
        {
            "openapi": "3.1.0",
            "info": {"title": "onrecord", "version": __version__, "description": "Keys: docs/reference/json.md. Read-only."},
            "paths": {address: {"get": operation} for address, operation in paths.items()},
        }
    )


def _operation(
    address: str, summary: str, is_list: bool, filters: tuple[str, ...], media: str = "application/json"
) -> dict[str, Any]:
    names = [part.split("}")[0] for part in address.split("{")[1:]]
    items = "array" if address == "/cdx" else "object"
    shape = {"type": "array", "items": {"type": items}} if is_list else {"type": "object"}
    error = {"description": "what is off", "content": {"application/json": {"schema": _ERROR}}}
    return {
        "summary": summary,
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names),
            *_parameters(filters),
        ],
        "responses": {
            "200": {"description": summary, "content": {media: {"schema": shape}}},
            "400": error,
            "404": error,
        },
    }


def _parameters(filters: tuple[str, ...]) -> list[dict[str, Any]]:
    named = [(name.removesuffix("!"), name.endswith("!")) for name in filters]
    return [{"name": name, "in": "query", "required": must, "schema": _schema(name)} for name, must in named]


def _schema(name: str) -> dict[str, Any]:
    if name == "min_significance":
        return {"type": "number", "minimum": 0, "maximum": 1}
    if name in _NUMBERS:
        return {"type": "integer", "minimum": 1, "maximum": _NUMBERS[name]}
    if name == "output":
        return {"const": "json"}  # the index is lines of text otherwise
    return {"type": "string", "maxLength": LONGEST}


_ERROR = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "hint": {"type": ["string", "null"]},
            },
        }
    },
}
