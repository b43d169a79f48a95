"""The JSON twins and the web archive's addresses as an OpenAPI 3.1 description."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from archive import __version__
from archive.web.asked import LONGEST, MAX_ROWS

_FILTERS = ("portal", "section")
_PERIOD = ("since", "until")
# Address, what it says, whether it is a list, its filters.
_PAGES: tuple[tuple[str, str, bool, tuple[str, ...]], ...] = (
    ("/index.json", "portals, newest changes, changes per day", False, ("year", "since", "limit")),
    ("/portals/{portal}.json", "a portal, its sections and articles", False, ("section", "state", "lang", "year", "limit")),
    ("/portals/{portal}/at/{date}.json", "a portal as it stood on a day", True, ("section", "limit")),
    ("/pages/{ref}.json", "an article in one of its versions", False, ()),
    ("/pages/{ref}/evidence.json", "the evidence of a version", False, ()),
    ("/pages/{ref}/log.json", "the versions of a page", True, ()),
    ("/pages/{ref}/diff/{versions}.json", "the comparison of two versions", False, ("view",)),
    (
        "/search.json",
        "full text of every version",
        True,
        ("q", "gone", "sort", "lang", "year", "status", *_FILTERS, *_PERIOD, "limit"),
    ),
    (
        "/changes.json",
        "changes",
        True,
        ("kind", "fields", "declared", "min_words", "min_significance", "muted", "patch", *_FILTERS, *_PERIOD, "limit"),
    ),
    ("/gone.json", "pages that are missing", True, ("state", *_FILTERS, "limit")),
    ("/decided.json", "stars, notes, muted furniture", False, ()),
    ("/runs.json", "crawls and other runs", True, ("portal", "limit")),
    ("/stats.json", "figures", False, ("portal",)),
    ("/-/about.json", "what the archive holds", False, ()),
)
_NUMBERS = {"limit": MAX_ROWS, "year": 9999, "min_words": 1_000_000}


def filters_of(address: str) -> tuple[str, ...]:
    """The filters that a page takes, by the address of its JSON twin."""
    return next(filters for known, _, _, filters in _PAGES if known == address)


async def openapi(_request: Request) -> Response:
    """The description."""
    return JSONResponse(
        {
            "openapi": "3.1.0",
            "info": {"title": "onrecord", "version": __version__, "description": "Keys: docs/reference/json.md. Read-only."},
            "paths": {page[0]: {"get": _operation(*page)} for page in _PAGES},
        }
    )


def _operation(address: str, summary: str, is_list: bool, filters: tuple[str, ...]) -> dict[str, Any]:
    names = [part.split("}")[0] for part in address.split("{")[1:]]
    shape = {"type": "array", "items": {"type": "object"}} if is_list else {"type": "object"}
    error = {"description": "what is off", "content": {"application/json": {"schema": _ERROR}}}
    return {
        "summary": summary,
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names),
            *({"name": name, "in": "query", "schema": _schema(name)} for name in filters),
        ],
        "responses": {
            "200": {"description": summary, "content": {"application/json": {"schema": shape}}},
            "400": error,
            "404": error,
        },
    }


def _schema(name: str) -> dict[str, Any]:
    if name == "min_significance":
        return {"type": "number", "minimum": 0, "maximum": 1}
    if name in _NUMBERS:
        return {"type": "integer", "minimum": 1, "maximum": _NUMBERS[name]}
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
