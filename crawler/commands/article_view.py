"""A reading as programs read it (schema.org names, as `show --json` without what only an archive knows) and as people do."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archive.output.screen import Screen
    from archive.records import Reading


def as_json(reading: Reading, portal_id: str | None) -> dict[str, Any]:
    """The article object of `show`, without what only an archive knows and with what only a reading does."""
    from archive.query import as_schema

    article = reading.article
    return {
        "portal": portal_id,
        "kind": reading.kind,
        **as_schema(article),
        "dateModifiedSource": article.dateModified.source if article.dateModified else None,
        "sections": [article.articleSection] if article.articleSection else [],
        "blocks": [asdict(block) for block in article.blocks],
        "extractor": reading.extractor,
        "warnings": list(reading.warnings),
    }


def show(screen: Screen, row: dict[str, Any]) -> None:
    """The fields a line each, then the body."""
    from rich.text import Text

    def line(name: str, value: Any) -> None:
        if value:
            text = Text(f"{name:<11}", style="dim")
            text.append(str(value))
            screen.print(text)

    screen.print(Text(row["headline"] or "no headline found", style="title" if row["headline"] else "warn"))
    line("url", row["url"])
    line("kind", row["kind"] if row["kind"] != "page" else None)
    for name, key in (("published", "datePublished"), ("modified", "dateModified")):
        line(name, f"{row[key]} ({row[f'{key}Source']}: {row[f'{key}Raw']})" if row[key] else None)
    dateline = row["dateline"] or {}
    line("dateline", ", ".join(filter(None, (dateline.get("place"), dateline.get("date")))))
    line("authors", ", ".join(author["name"] for author in row["authors"]))
    line("language", row["inLanguage"])
    line("section", " › ".join(crumb["name"] for crumb in row["breadcrumbs"]) or row["articleSection"])
    for link in row["links"]:
        what = " · ".join(filter(None, (link["title"], link["outlet"], link["date"], link["lang"], link["url"])))
        line(link["kind"].replace("_", " "), what)
    for warning in row["warnings"]:
        screen.print(f"warning: {warning}", style="warn")
    screen.print()
    screen.print(row["articleBody"] or "no body found")
