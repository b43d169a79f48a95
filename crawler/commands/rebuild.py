"""`onrecord rebuild`: a new record from the evidence alone."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output


@click.command()
@click.option("--into", metavar="DATABASE", help="Make it in this empty database and leave the live record as it is.")
@pass_session
@output_options
def rebuild(session: Session, output: Output, into: str | None) -> None:
    """Make the record again from the WARC files: pages, versions, changes, search, all of it.

    The old record stays beside the new one. Use it when the database is lost or damaged, or to see that it can be done.

    \b
      onrecord rebuild
      onrecord rebuild --into check.db
    """
    from archive import custody
    from archive.errors import OnrecordError
    from archive.rebuild import rebuild as make
    from archive.rebuild.swap import beside, carry_over, swap
    from crawler import portal_file
    from crawler.rereading import reader_of

    workspace = session.workspace
    with ExitStack() as locks:
        for slug in portal_file.ids(workspace):
            locks.enter_context(workspace.lock(f"crawl-{slug}", f"{slug} is being crawled; wait for it or stop it"))
        made = beside(workspace, into)
        done = make(workspace, made, reader_of, progress=lambda said: session.say(said, level=1))
        kept = None
        if into is None:
            try:
                session.say(f"{carry_over(workspace, made)} schedules carried over", level=1)
            except OnrecordError as error:
                session.warn(f"pauses and schedules of the old record cannot be read: {error.message}")
            kept = swap(workspace, made)
        custody.note(
            workspace, "rebuilt", captures=done.captures, into=into or workspace.settings.archive.database.split("@")[-1]
        )
    for notice in done.notices:
        session.warn(notice)
    if kept is not None:
        session.say(f"the old record is kept as {kept}")
    data = {**asdict(done), "database": made.settings.archive.database.split("@")[-1]}
    output.one(
        data,
        lambda screen: screen.print(
            f"{done.runs:,} runs · {done.visits:,} visits · {done.captures:,} captures · {done.leaves:,} in the ledger",
            markup=False,
        ),
    )
