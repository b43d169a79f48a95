"""`onrecord portal learn`: lines that stand in most articles of a portal become rules of its file."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output

if TYPE_CHECKING:
    from archive.output.screen import Screen
    from crawler.boilerplate import Line

KEYS = ("portal", "text", "hits", "of")


@click.command()
@click.argument("name", metavar="PORTAL")
@click.option("--yes", is_flag=True, help="Do not ask: write the lines into the file.")
@click.option("--dry-run", is_flag=True, help="Show the lines; write nothing.")
@pass_session
@output_options
def learn(session: Session, output: Output, name: str, yes: bool, dry_run: bool) -> None:
    """Find lines that stand at an end of most articles the archive holds: no article's own words, but the portal's.

    They are added to the layout in force, `boilerplate = [...]`, each with the articles it was seen on; strike out what you
    do not agree with. Captures are read so from then on; `onrecord reextract` reads the older ones again.

    \b
      onrecord portal learn example-az --dry-run
    """
    from crawler import portal_file
    from crawler.learning import lines_to_learn, with_boilerplate

    workspace = session.workspace
    portal = portal_file.find(workspace, name)
    lines = lines_to_learn(workspace, portal)
    if output.machine:
        output.rows([{"portal": portal.about.id, **asdict(line)} for line in lines], KEYS)
    else:
        with output.text() as screen:
            _show(screen, lines)
    if not lines or dry_run:
        return
    path = portal_file.path_of(workspace, portal.about.id)
    if yes or session.confirm(f"Write {len(lines)} lines into {path.parent.name}/{path.name}?", default=True):
        text = with_boilerplate(path.read_text(encoding="utf-8"), lines)
        portal_file.parse(text, f"{path} with what was learned")
        portal_file.amend(path, text)
        session.say(f"Wrote {path.parent.name}/{path.name}.  Next: onrecord reextract {portal.about.id} --dry-run")


def _show(screen: Screen, lines: tuple[Line, ...]) -> None:
    for line in lines:
        screen.print(f"{line.hits}/{line.of}  {line.text}", markup=False)
    if not lines:
        screen.print("no line stands in most articles", style="dim")
