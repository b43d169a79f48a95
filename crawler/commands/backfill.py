"""`onrecord backfill`: what public web archives hold of a portal's past."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output

if TYPE_CHECKING:
    from archive.records import Exchange
    from crawler.past.archives import Listed, WebArchive

KEYS = ("portal", "listed", "wanted", "fetched", "failed", "new", "changed", "reordered")


def _day(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        return datetime.fromisoformat(f"{value}-01-01" if len(value) == 4 else value).replace(tzinfo=UTC)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no date: 2018 or 2018-11-26") from error


@click.command()
@click.argument("portal")
@click.option(
    "--from", "source", required=True, metavar="ARCHIVE", help="wayback, or the address of a collection: https://host/coll"
)
@click.option("--since", metavar="DATE", callback=_day, help="Only captures from then on: 2018 or 2018-11-26.")
@click.option("--until", metavar="DATE", callback=_day, help="Only captures before then.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Fetch at most N captures; call again to go on.")
@click.option("--delay", type=click.FloatRange(min=0.0), default=2.0, show_default=True, help="Seconds between two requests.")
@click.option("--dry-run", is_flag=True, help="List what there is; fetch nothing.")
@pass_session
@output_options
def backfill(
    session: Session, output: Output, portal: str, source: str, since: datetime | None, until: datetime | None,
    limit: int | None, delay: float, dry_run: bool,
) -> None:  # fmt: skip
    """Fetch what a public web archive holds of PORTAL's articles, slowly, and read it as the portal's past.

    Ctrl-C stops it cleanly and the next call goes on: what is here already is not fetched again. What failed is tried
    once more at the end.

    \b
      onrecord backfill example-az --from wayback --since 2018 --dry-run
    """
    from archive import __version__, custody
    from archive.fetching import get
    from crawler import portal_file
    from crawler.past.archives import WebArchive
    from crawler.past.bring import bring, known_captures
    from crawler.past.visits import Past
    from crawler.spiders.portal import shared_destinations

    workspace = session.workspace
    found = portal_file.find(workspace, portal)
    name, crawl = found.about.id, workspace.settings.crawl
    agent = crawl.user_agent or f"onrecord/{__version__}" + (f" (+{crawl.contact})" if crawl.contact else "")
    ask = partial(get, user_agent=agent, allow_private=crawl.allow_private, limit=crawl.max_body, timeout=crawl.timeout)
    web = WebArchive(source, ask, delay=delay)
    with workspace.lock(f"crawl-{name}", f"{name} is being crawled; wait for it or stop it"):
        listed = web.listed(found, since, until)
        known = {(url, at.replace(microsecond=0)) for url, at in known_captures(workspace, name)}
        wanted = [item for item in listed if (item.url, item.at) not in known][:limit]
        row: dict[str, Any] = {"portal": name, "listed": len(listed), "wanted": len(wanted), "fetched": 0, "failed": 0}
        row |= {"new": 0, "changed": 0, "reordered": False}
        missed: list[Listed] = wanted
        for attempt in (1, 2):
            if dry_run or not missed:
                break
            session.say(
                f"{len(missed)} captures to fetch, about {len(missed) * delay / 60:.0f} min", level=0 if attempt == 1 else 1
            )
            turn, missed = missed, []
            past = Past(found, "backfill", source, crawl.max_body, shared_destinations(found))
            done = bring(workspace, found, "backfill", past.visits(_fetched(web, turn, missed)), {"from": source})
            row["fetched"] += done.captures
            row["reordered"] |= done.reordered
            if done.summary:
                row["new"] += done.summary.new
                row["changed"] += done.summary.changed
            if done.interrupted:
                raise KeyboardInterrupt
        row["failed"] = len(missed) if not dry_run else 0
    if not dry_run:
        custody.note(workspace, "backfilled", portal=name, source=source, captures=row["fetched"])
    output.rows([row], KEYS)


def _fetched(web: WebArchive, items: Sequence[Listed], missed: list[Listed]) -> Iterator[Exchange]:
    for item in items:
        exchange = web.exchange(item)
        if exchange is None:
            missed.append(item)
        else:
            yield exchange
