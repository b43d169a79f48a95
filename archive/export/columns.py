"""The flat row that CSV and Parquet hold of a version, and what each column means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

Kind = Literal["string", "integer", "datetime", "list", "links"]


class Field(NamedTuple):
    """A column."""

    name: str
    kind: Kind
    description: str


FIELDS: tuple[Field, ...] = (
    Field("page", "string", "id of the page in the archive"),
    Field("version", "integer", "number of the version, from 1"),
    Field("portal", "string", "id of the portal"),
    Field("url", "string", "canonical address of the page"),
    Field("state", "string", "live, suspected or gone"),
    Field("headline", "string", "schema.org headline"),
    Field("description", "string", "schema.org description"),
    Field("articleBody", "string", "plain text, paragraphs divided by blank lines"),
    Field("datePublished", "string", "ISO date, or instant where the page states one"),
    Field("datePublishedRaw", "string", "as the page writes it"),
    Field("datePublishedSource", "string", "where the page states it"),
    Field("dateModified", "string", "ISO date or instant that the page states"),
    Field("datelinePlace", "string", "place that opens the text"),
    Field("datelineDate", "string", "date that opens the text"),
    Field("authors", "list", "names"),
    Field("inLanguage", "string", "BCP 47"),
    Field("sections", "list", "sections whose listings showed the page"),
    Field("publisherNote", "string", "the publisher's own change or correction note"),
    Field("links", "links", "kind, url, title, outlet, date, lang"),
    Field("first_seen", "datetime", "first visit that showed this version"),
    Field("last_seen", "datetime", "last visit that showed it"),
    Field("captured_at", "datetime", "time of the capture it was read from"),
    Field("sha256", "string", "of the payload it was read from"),
    Field("warc", "string", "file of the evidence"),
    Field("offset", "integer", "of the record in that file"),
)
NAMES = tuple(field.name for field in FIELDS)
LINK_NAMES = ("kind", "url", "title", "outlet", "date", "lang")
_EVIDENCE = ("captured_at", "sha256", "warc", "offset")


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """The flat row of an object as `show --json` prints it (its times may be datetimes)."""
    dateline = row.get("dateline") or {}
    evidence = row.get("evidence") or {}
    values = {name: row.get(name) for name in NAMES}
    values["datelinePlace"], values["datelineDate"] = dateline.get("place"), dateline.get("date")
    values["authors"] = [author["name"] for author in row.get("authors") or ()]
    values["sections"] = list(row.get("sections") or ())
    values["links"] = [{name: link.get(name) for name in LINK_NAMES} for link in row.get("links") or ()]
    values.update({name: evidence.get(name) for name in _EVIDENCE})
    return values


def table_schema() -> dict[str, Any]:
    """The columns as a Frictionless Table Schema (specs.frictionlessdata.io/table-schema)."""
    types = {"list": "array", "links": "array"}
    fields = [{"name": name, "type": types.get(kind, kind), "description": said} for name, kind, said in FIELDS]
    return {"fields": fields, "primaryKey": ["page", "version"], "missingValues": [""]}
