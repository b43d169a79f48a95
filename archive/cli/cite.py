"""`onrecord cite`: a version as a citation."""

from __future__ import annotations

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.export.citations import STYLES, VIEWER, citable
from archive.output import Output
from archive.output.times import localised


@click.command()
@click.argument("ref")
@click.option("--style", type=click.Choice(sorted(STYLES)), default="apa", show_default=True, help="The form of the citation.")
@click.option("--viewer", metavar="URL", default=VIEWER, show_default=True, help="Where the archive's viewer can be reached.")
@pass_session
@output_options
def cite(session: Session, output: Output, ref: str, style: str, viewer: str) -> None:
    """Cite REF. What is cited is the capture: the page's address, when it was captured, and the sha256 of what it said.

    \b
      onrecord cite a1f3c9@2
      onrecord cite a1f3c9 --style bibtex >> sources.bib
      onrecord cite a1f3c9@2 --style robust-link
    """
    from archive import query
    from archive.errors import NotFound

    with session.record() as record:
        row = query.show(record, ref, zone=output.tz)
        names = {portal["portal"]: portal["name"] for portal in query.portals(record)}
        gone = query.absence(record, ref, zone=output.tz)
    evidence = row["evidence"]
    if evidence is None or evidence["sha256"] is None:
        what = "capture" if evidence is None else "body"
        raise NotFound(f"no {what} is kept of {ref}, so there is nothing to cite", hint=f"onrecord log {row['page']} --all")
    if gone is not None and gone["version"] > row["version"]:
        session.say(f"@{gone['version']} is no text, the page answered {gone['answer']}; what is cited is @{row['version']}")
    told = localised(row, output.tz)
    of = citable(told, names.get(row["portal"], row["portal"]), viewer)
    text = STYLES[style](of)
    output.one(
        {
            "page": of.page,
            "version": of.version,
            "style": style,
            "citation": text,
            "url": of.url,
            "captured_at": told["evidence"]["captured_at"],
            "sha256": of.sha256,
            "archived": of.archived,
        },
        lambda screen: screen.print(text, soft_wrap=True),
        markdown=lambda: text,
    )
