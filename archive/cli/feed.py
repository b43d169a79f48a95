"""`onrecord feed`: changes for feed readers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from archive.cli.cells import counted
from archive.cli.filters import FIELDS, KINDS, min_words_option, portal_option, section_option, since_option
from archive.cli.session import Session, pass_session
from archive.export.citations import VIEWER


@click.command()
@click.option(
    "-o", "target", type=click.Path(path_type=Path), help="A file: .atom (or .xml) or .json; default: Atom to the output."
)
@portal_option
@section_option
@since_option
@click.option("--kind", "kinds", type=KINDS, help="Only these: new, edited, moved, replaced, gone, back.")
@click.option("--fields", type=FIELDS, help="Only changes in these: headline, body, dates, …")
@min_words_option
@click.option("--search", "words", metavar="QUERY", help="Only changes that brought or took a text with these words.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="At most so many entries.")
@click.option("--title", help="The feed's title.")
@click.option("--viewer", metavar="URL", default=VIEWER, show_default=True, help="Where the archive's viewer can be reached.")
@click.option("--address", metavar="URL", help="Where the feed will be served, without its ending.")
@pass_session
def feed(
    session: Session,
    /,
    target: Path | None,
    title: str | None,
    viewer: str,
    address: str | None,
    words: str | None,
    **filters: Any,
) -> None:
    """Write changes as an Atom feed or a JSON Feed, the change itself in every entry.

    \b
      onrecord feed --kind edited,gone -o /var/www/changes.atom
      onrecord feed --portal example-az --fields headline -o headlines.json
      onrecord feed --search '"budget law"' -o budget.atom
    """
    from archive import query
    from archive import search as full_text
    from archive.export.placing import replacing
    from archive.feeds import Feed, atom, entry, json_feed
    from archive.output.safe import json_text

    with session.record() as record:
        filters["section"] = query.check_names(record, portal=filters["portal"], section=filters["section"])
        if words is not None:
            filters["among"] = full_text.matching(record, words)
        changes = query.changes(record, blocks=True, **filters)
        names = {row["portal"]: row["name"] for row in query.portals(record)}
    about = [names[filters["portal"]]] if filters["portal"] else sorted(names.values())
    page = f"{viewer.rstrip('/')}/changes"
    told = Feed(
        title=title or f"{', '.join(about[:3]) or 'onrecord'}: changes" + (f" of texts with {words}" if words else ""),
        address=page,
        own=address or page,
        entries=[entry(change, viewer.rstrip("/")) for change in changes],
    )
    if target is not None and target.suffix == ".json":
        text = json_text(json_feed(told), indent=2) + "\n"
    else:
        text = atom(told).decode("utf-8")
    if target is None:
        sys.stdout.write(text)
        return
    with replacing(target) as part:
        part.write_text(text, encoding="utf-8", errors="replace")
    session.say(f"{counted(len(changes), 'entry', 'entries')}, {target}")
