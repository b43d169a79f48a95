"""A reading as programs read it (schema.org names, as `show --json` without what only an archive knows) and as people do."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archive.output.screen import Screen
    from archive.records import Reading, StatedDate


def as_json(reading: Reading, portal_id: str | None) -> dict[str, Any]:
    """The article object: values in schema.org names, each date with its words as printed and where it stood."""
    article = reading.article
    return {
        "portal": portal_id,
        "url": article.url,
        "canonicalUrl": article.canonicalUrl,
        "kind": reading.kind,
        "headline": article.headline,
        "description": article.description,
        **_date("datePublished", article.datePublished),
        **_date("dateModified", article.dateModified),
        "dateline": asdict(article.dateline) if article.dateline else None,
        "authors": [{"name": name} for name in article.authors],
        "inLanguage": article.inLanguage,
        "articleSection": article.articleSection,
        "sections": [article.articleSection] if article.articleSection else [],
        "breadcrumbs": [{"name": name} for name in article.breadcrumbs],
        "articleBody": article.articleBody,
        "blocks": [asdict(block) for block in article.blocks],
        "links": [asdict(link) for link in article.links],
        "images": [asdict(image) for image in article.images],
        "quotes": [asdict(quote) for quote in article.quotes],
        "asides": [asdict(aside) for aside in article.asides],
        "publisherNote": article.publisherNote,
        "extractor": reading.extractor,
        "warnings": list(reading.warnings),
    }


def _date(name: str, stated: StatedDate | None) -> dict[str, Any]:
    return {
        name: stated.value if stated else None,
        f"{name}Raw": stated.raw if stated else None,
        f"{name}Source": stated.source if stated else None,
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
