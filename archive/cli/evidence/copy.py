"""`onrecord copy`, `onrecord repair` and `onrecord custody`: the evidence elsewhere, and what is mended from there."""

from __future__ import annotations

from dataclasses import asdict

import click

from archive.cli.evidence.verify import draw
from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output

KEYS = ("location", "files", "bytes", "error")


@click.group()
def copy() -> None:
    """Copies of the evidence in other places, kept in step after every crawl."""


@copy.command()
@click.argument("location")
@pass_session
@output_options
def add(session: Session, output: Output, location: str) -> None:
    """Begin a copy in LOCATION: a folder on another disk, or a bucket (s3://bucket/prefix with onrecord[s3])."""
    from archive import copies

    output.rows([asdict(copies.add(session.workspace, location))], KEYS)


@copy.command()
@pass_session
@output_options
def sync(session: Session, output: Output) -> int:
    """Bring every copy up to date now. Ends with 1 when one could not be reached."""
    from archive import copies

    done = copies.bring_all_up(session.workspace)
    output.rows([asdict(item) for item in done], KEYS, empty="no copies: onrecord copy add LOCATION")
    return 1 if any(item.error for item in done) else 0


@copy.command("list")
@pass_session
@output_options
def list_copies(session: Session, output: Output) -> None:
    """List the copies."""
    from archive import copies

    output.rows([{"location": item} for item in copies.locations(session.workspace)], ("location",), empty="no copies")


@copy.command()
@click.argument("location")
@pass_session
def remove(session: Session, location: str) -> None:
    """Forget a copy; its files stay."""
    from archive import copies

    copies.remove(session.workspace, location)
    session.say(f"forgot {location}")


@click.command()
@pass_session
@output_options
def repair(session: Session, output: Output) -> int:
    """Mend damaged records, files, rows, ledger and index from good copies. Ends with 5 when damage remains.

    What is damaged moves to aside/, and every repair is written to the custody log.
    """
    from archive import copies

    with session.workspace.lock("repair", "another repair is going on"):
        mended, after = copies.repair(session.workspace)
    for item in mended:
        session.say(f"mended {item.file}: {item.what} (from {item.source})")
    data = {"mended": [asdict(item) for item in mended], **after.as_json()}
    output.one(data, lambda screen: draw(screen, after))
    return 5 if after.problems else 0


@click.command()
@pass_session
@output_options
def custody(session: Session, output: Output) -> None:
    """Show who did what to the evidence: repairs, copies, exports, imports, proofs."""
    from archive import custody as log

    rows = [
        {**entry, "detail": ", ".join(f"{key}={value}" for key, value in entry["detail"].items())}
        for entry in log.entries(session.workspace)
    ]
    output.rows(rows, ("at", "who", "what", "detail"), empty="nothing was done but crawling")
