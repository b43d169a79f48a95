"""`onrecord ledger`: the Merkle log of all captures, its checkpoints and their outside witnesses."""

from __future__ import annotations

from typing import Any

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output

KEYS = ("size", "root", "time_stamps")


@click.group()
def ledger() -> None:
    """The append-only log of all captures, and its outside witnesses."""


@ledger.command()
@click.option("--all", "every", is_flag=True, help="Every checkpoint that was signed.")
@pass_session
@output_options
def show(session: Session, output: Output, every: bool) -> None:
    """Show the newest checkpoint (keep it somewhere else: it catches a rewritten ledger) and the key that signs.

    \b
      onrecord ledger show > checkpoint-2026-11.txt
    """
    from archive.errors import NotFound
    from archive.ledger import Ledger
    from archive.ledger.proof import checkpoints

    if every:
        with session.record() as record:
            output.rows(checkpoints(record.connection()), KEYS, empty="no checkpoint yet")
        return
    own = Ledger(session.workspace)
    head = own.head()
    if head is None:
        raise NotFound("the ledger is empty", hint="onrecord crawl", code="ledger.empty")
    verifier = own.key().verifier
    data = {"size": head.size, "root": head.checkpoint.root.hex(), "note": head.note, "verifier": verifier}
    session.say(f"key: {verifier}")
    output.one(data, lambda screen: screen.print(head.note.rstrip("\n"), markup=False, soft_wrap=True))


@ledger.command()
@click.option(
    "--authority", multiple=True, metavar="URL", help="A time stamping authority (RFC 3161); default: those of the settings."
)
@pass_session
@output_options
def timestamp(session: Session, output: Output, authority: tuple[str, ...]) -> int:
    """Have the newest checkpoint stamped by outside authorities, so that others need not trust this archive's clock.

    A crawl does so by itself ([evidence] timestamps in onrecord.toml); this is for when it could not. Only the
    checkpoint's sha256 goes out. Ends with 1 when fewer than two authorities answered.
    """
    from archive import custody
    from archive.database import open_engine
    from archive.errors import NotFound, UsageError
    from archive.ledger import Ledger, timestamps
    from archive.ledger.authorities import ENOUGH, authorities

    own = Ledger(session.workspace)
    head = own.head()
    if head is None:
        raise NotFound("the ledger is empty", hint="onrecord crawl", code="ledger.empty")
    asked = authority or authorities(session.workspace.settings)
    if not asked:
        raise UsageError("no authority is named", hint='--authority URL, or [evidence] timestamps = ["digicert", "sectigo"]')
    stamped = timestamps.stamp(head, asked)
    with open_engine(session.workspace).begin() as connection:
        count = timestamps.keep(own, connection, head, stamped)
    custody.note(
        session.workspace, "time stamped", size=head.size, authorities=[item.authority for item in stamped if item.token]
    )
    rows: list[dict[str, Any]] = [
        {"authority": item.authority, "stamped": item.token is not None, "time": item.time, "error": item.error}
        for item in stamped
    ]
    output.rows(rows, ("authority", "stamped", "time", "error"))
    return 0 if count >= ENOUGH else 1
