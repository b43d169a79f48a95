"""A version as a Markdown document with YAML front matter: readable by people, static-site generators and `git diff`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

FRONT = (
    "headline",
    "description",
    "datePublished",
    "dateModified",
    "authors",
    "inLanguage",
    "sections",
    "url",
    "page",
    "version",
    "state",
    "first_seen",
    "last_seen",
)
_MARKUP = re.compile(r"([\\`*_\[\]<>])")
_AT_LINE_START = re.compile(r"^(\s*)([#>+-]|\d+[.)])(?=\s|$)", re.MULTILINE)


def document(row: Mapping[str, Any]) -> str:
    """The document of a `show --json` object. Front matter values are JSON, which YAML 1.2 is a superset of."""
    front = {name: row[name] for name in FRONT if row.get(name) not in (None, "", [], ())}
    evidence = row.get("evidence") or {}
    if evidence:
        front["captured_at"], front["sha256"] = evidence["captured_at"], evidence["sha256"]
    lines = ["---", *(f"{name}: {_yaml(value)}" for name, value in front.items()), "---", ""]
    if row.get("headline"):
        lines += [f"# {escaped(' '.join(row['headline'].split()))}", ""]
    lines.append(escaped(row.get("articleBody") or ""))
    links = [link for link in row.get("links") or () if link.get("url")]
    if links:
        lines += ["", "## Links", ""]
        lines += [f"- {link['kind']}: [{escaped(_title(link))}](<{_target(link['url'])}>)" for link in links]
    return "\n".join(lines).rstrip("\n") + "\n"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _AT_LINE_START.sub(_escaped_start, _MARKUP.sub(r"\\\1", text))


def _escaped_start(match: re.Match[str]) -> str:
    mark = match[2]
    return f"{match[1]}{mark[:-1]}\\{mark[-1]}"


def _title(link: Mapping[str, Any]) -> str:
    parts = (link.get(name) for name in ("title", "outlet", "date"))
    return " ".join(" · ".join(filter(None, parts)).split()) or str(link["url"])


def _target(url: str) -> str:
    return re.sub(r"[<>\s]", lambda match: f"%{ord(match[0]):02X}", url)


def _yaml(value: Any) -> str:
    if isinstance(value, datetime):
        value = value.isoformat(timespec="seconds")
    elif isinstance(value, date):
        value = value.isoformat()
    text = json.dumps(value, ensure_ascii=False)
    # YAML takes C1 controls, the line separators and lone surrogates of JSON strings only as escapes.
    return re.sub("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]", lambda match: f"\\u{ord(match[0]):04x}", text)
