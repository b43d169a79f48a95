"""A version of a page as a citation. What is cited is the capture: address, time and sha256; `@n` is for the screen only.

APA: Publication Manual, 7th ed., 10.16 (webpages with a retrieval date). Bluebook: 22nd ed., rule 18.2 (internet sources,
archived copy in brackets). BibLaTeX: manual 2.1.1 `@online`. CSL-JSON: CSL 1.0.2, type `webpage`. Robust Links: v1.0,
robustlinks.mementoweb.org.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

VIEWER = "http://127.0.0.1:8001"  # where `onrecord serve` answers unless told otherwise

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_BLUEBOOK_MONTHS = ["Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."]  # Table T12
# BibTeX counts braces even where a backslash stands before them, so one in a title is written by its name.
_TEX = {char: f"\\{char}" for char in "&%$#_"}
_TEX |= {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_TEX |= {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}


@dataclass(frozen=True, slots=True)
class Citable:
    """What a citation needs to know of one version."""

    page: str
    version: int
    title: str
    site: str  # the portal's name
    authors: tuple[str, ...]
    published: date | None  # the local calendar date that the page states
    url: str
    captured_at: datetime  # aware, in the zone it is to be told in
    sha256: str
    language: str | None = None
    viewer: str = VIEWER

    @property
    def archived(self) -> str:
        """Where the viewer replays the capture."""
        return f"{self.viewer.rstrip('/')}/web/{self.captured_at.astimezone(UTC):%Y%m%d%H%M%S}/{self.url}"

    @property
    def who(self) -> str:
        """The authors, else the portal itself."""
        return _listed(self.authors) or self.site


def citable(row: Mapping[str, Any], site: str, viewer: str = VIEWER) -> Citable:
    """From the object of `show --json` with its times as datetimes or ISO text."""
    evidence = row["evidence"]
    at = evidence["captured_at"]
    stated = row.get("datePublished")
    return Citable(
        page=row["page"],
        version=row["version"],
        title=" ".join((row.get("headline") or row["url"]).split()),
        site=site,
        authors=tuple(author["name"] if isinstance(author, Mapping) else author for author in row.get("authors") or ()),
        published=date.fromisoformat(str(stated)[:10]) if stated else None,
        url=row["url"],
        captured_at=at if isinstance(at, datetime) else datetime.fromisoformat(at),
        sha256=evidence["sha256"],
        language=row.get("inLanguage"),
        viewer=viewer,
    )


def apa(of: Citable) -> str:
    """APA 7."""
    when = f"{of.published.year}, {_month_day(of.published)}" if of.published else "n.d."
    site = f" {of.site}." if of.site != of.who else ""
    seen = of.captured_at.date()
    return (
        f"{_stopped(of.who)} ({when}). {_stopped(of.title)}{site} Retrieved {_month_day(seen)}, {seen.year}, from {of.url}"
        f" (archived at {of.archived}; sha256 {of.sha256})"
    )


def bluebook(of: Citable) -> str:
    """Bluebook."""
    authors = f"{_listed(of.authors)}, " if of.authors else ""
    dated = f" ({_bluebook_day(of.published)})" if of.published else ""
    return (
        f"{authors}{of.title}, {of.site}{dated}, {of.url} [{of.archived}]"
        f" (captured {_bluebook_day(of.captured_at.date())}; sha256 {of.sha256})."
    )


def coins(of: Citable) -> str:
    """COinS: an OpenURL context object (ANSI/NISO Z39.88-2004, Dublin Core) for the title of an empty `span.Z3988`, from
    which reference managers take the page."""
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
        ("rft.type", "webpage"),
        ("rft.title", of.title),
        ("rft.source", of.site),
        *(("rft.creator", name) for name in of.authors or (of.site,)),
        ("rft.date", of.published.isoformat() if of.published else None),
        ("rft.identifier", of.url),
        ("rft.relation", of.archived),
        ("rft.language", of.language),
        ("rft.description", f"Captured {of.captured_at.isoformat(timespec='seconds')}, sha256 {of.sha256}"),
    ]
    return urlencode([(name, value) for name, value in pairs if value], errors="replace")


def bibtex(of: Citable) -> str:
    """BibLaTeX."""
    fields = {
        "title": f"{{{_tex(of.title)}}}",
        "author": " and ".join(f"{{{_tex(name)}}}" for name in of.authors or (of.site,)),
        "organization": _tex(of.site),
        "date": of.published.isoformat() if of.published else None,
        "url": _tex_url(of.url),
        "urldate": of.captured_at.date().isoformat(),
        "langid": of.language,
        "note": f"Archived at \\url{{{_tex_url(of.archived)}}}, captured {of.captured_at.isoformat(timespec='seconds')}, "
        f"sha256 {of.sha256}",
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@online{{onrecord-{of.page}-{of.version},\n{body}}}"


def csl_json(of: Citable) -> str:
    """CSL-JSON, an array of one item as citeproc and Zotero read it."""
    item: dict[str, Any] = {
        "id": f"onrecord-{of.page}-{of.version}",
        "type": "webpage",
        "title": of.title,
        "container-title": of.site,
        "author": [{"literal": name} for name in of.authors or (of.site,)],
        "URL": of.url,
        "accessed": _date_parts(of.captured_at.date()),
        "archive": "onrecord",
        "archive_location": of.archived,
        "note": f"captured {of.captured_at.isoformat(timespec='seconds')}, sha256 {of.sha256}",
    }
    if of.published:
        item["issued"] = _date_parts(of.published)
    if of.language:
        item["language"] = of.language
    return json.dumps([item], ensure_ascii=False, indent=2)


def robust_link(of: Citable) -> str:
    """An HTML link that still leads somewhere when its target is gone."""
    attributes = {
        "href": of.url,
        "data-originalurl": of.url,
        "data-versionurl": of.archived,
        "data-versiondate": of.captured_at.date().isoformat(),
    }
    written = " ".join(f'{name}="{html.escape(value)}"' for name, value in attributes.items())
    return f"<a {written}>{html.escape(of.title)}</a>"


STYLES: Mapping[str, Callable[[Citable], str]] = {
    "apa": apa,
    "bluebook": bluebook,
    "bibtex": bibtex,
    "csl-json": csl_json,
    "robust-link": robust_link,
}


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names[:-1]) + (" & " if len(names) > 1 else "") + names[-1] if names else ""


def _stopped(text: str) -> str:
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


def _month_day(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}"


def _bluebook_day(day: date) -> str:
    return f"{_BLUEBOOK_MONTHS[day.month - 1]} {day.day}, {day.year}"


def _date_parts(day: date) -> dict[str, Any]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def _tex(text: str) -> str:
    return re.sub(r"[\\~^&%$#_{}]", lambda match: _TEX[match[0]], text)


def _tex_url(url: str) -> str:
    # url and \url{} are verbatim to BibLaTeX; only a brace or a backslash could end or break the field.
    return re.sub(r"[\\{}]", lambda match: f"%{ord(match[0]):02X}", url)
