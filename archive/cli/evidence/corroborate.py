"""`onrecord corroborate`: what public web archives hold of new and gone pages."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output

KEYS = ("url", "archive", "memento_at", "memento", "saved", "error")


@click.command()
@click.option(
    "--days", type=click.IntRange(min=1), default=7, show_default=True, help="Pages that are new or gone since so many days."
)
@click.option("--timegate", "archives", multiple=True, metavar="URL", help="A TimeGate to ask; default: the Wayback Machine's.")
@click.option("--save", "saving", is_flag=True, help="Also ask for the pages that no archive holds to be saved now.")
@click.option("--save-at", metavar="URL", help="Where saving is asked for; default: the Wayback Machine.")
@click.option("--delay", type=click.FloatRange(min=0.0), default=2.0, show_default=True, help="Seconds between two requests.")
@pass_session
@output_options
def corroborate(
    session: Session, output: Output, days: int, archives: tuple[str, ...], saving: bool, save_at: str | None, delay: float
) -> None:
    """Ask public web archives for the mementos nearest to what was captured here, and write down what they say.

    A memento elsewhere is a witness that does not depend on this archive. Addresses of pages go out to the archives asked.

    \b
      onrecord corroborate --days 1 --save
    """
    from archive import __version__, corroboration
    from archive.fetching import get

    workspace, crawl = session.workspace, session.workspace.settings.crawl
    agent = crawl.user_agent or f"onrecord/{__version__}" + (f" (+{crawl.contact})" if crawl.contact else "")
    ask = partial(get, user_agent=agent, allow_private=crawl.allow_private, timeout=crawl.timeout, limit=1 << 20)
    with session.record() as record:
        pages = corroboration.pages(record.connection(), datetime.now(UTC) - timedelta(days=days))
    witnesses = []
    for url, at in pages:
        found = []
        for gate in archives or corroboration.ARCHIVES:
            found.append(corroboration.nearest(ask, gate, url, at))
            time.sleep(delay)
        if saving and not any(item.memento for item in found):
            found.append(corroboration.save(ask, save_at or corroboration.SAVE, url))
            time.sleep(delay)
        corroboration.keep(workspace, found)
        witnesses += found
    output.rows([asdict(item) for item in witnesses], KEYS, empty=f"no page is new or gone since {days} days")
