"""`onrecord schedule replay`: what a revisit policy would have caught of a known history of edits."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output

if TYPE_CHECKING:
    from archive.output.screen import Screen

NAMES = ("onrecord", "uniform", "age", "age-proportional", "ladder", "nutch", "stormcrawler", "cho", "lambdacrawl", "oracle")


@click.command()
@click.argument("file", metavar="FILE.jsonl[.gz]", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--budget",
    type=click.FloatRange(min=0, min_open=True),
    required=True,
    metavar="N",
    help="Below 1: requests per page and day. From 1 on: requests a day in all.",
)
@click.option("--policy", type=click.Choice(NAMES), default="onrecord", show_default=True, help="Whose choice of pages.")
@pass_session
@output_options
def replay(_session: Session, output: Output, file: Path, budget: float, policy: str) -> None:
    """Run a revisit policy over the edits of a site's past and say what it would have caught, and how soon.

    FILE has a line a page: {"page": 1, "section": "news", "created": 1541182475, "edits": [[1550689165, 2, 1]]}, times in
    Unix seconds. An edit is caught when its text is seen before the next edit of the page; its delay runs until the
    first request after it, and to the end of the history where there is none.

    \b
      onrecord schedule replay edits.jsonl.gz --budget 0.1
      onrecord schedule replay edits.jsonl.gz --budget 0.1 --policy uniform --json
    """
    from schedules import rivals
    from schedules.replay import read
    from schedules.replay import replay as run

    row = {"policy": policy, **asdict(run(read(file), rivals.maker(policy), budget))}

    def human(screen: Screen) -> None:
        screen.print(
            f"{policy}: {row['caught']} of {row['edits']} edits caught with {row['requests']} requests; "
            f"seen after {row['median_delay_h']} h (median), {row['mean_delay_h']} h (mean)"
        )

    output.one(row, human)
