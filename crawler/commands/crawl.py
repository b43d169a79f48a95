"""`onrecord crawl`: the spider of one or more portals in this process, told as people and programs want it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.errors import NotFound, UnhealthyCrawl
from archive.output import Output
from archive.output.times import span
from archive.records import RunSummary
from archive.workspace import Workspace

if TYPE_CHECKING:
    from archive.output.screen import Screen
    from crawler.plan import Plan, Recheck

INTERRUPTED = 130
KEYS = (
    "run",
    "portal",
    "visits",
    "new",
    "changed",
    "suspected_gone",
    "errors",
    "bytes",
    "seconds",
    "healthy",
    "reasons",
    "warnings",
)


def _duration(_context: click.Context, _parameter: click.Parameter, value: str | None) -> timedelta | None:
    from crawler.portal import parse_duration

    try:
        return None if value is None else parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _instant(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    try:
        return None if value is None else datetime.fromisoformat(value).astimezone(UTC)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.argument("portals", metavar="[PORTAL]…", nargs=-1)
@click.option("--section", metavar="NAME", help="Only this section's listing and the pages it showed.")
@click.option(
    "--recheck",
    type=click.Choice(["all", "due", "suspected", "none"]),
    default="all",
    show_default=True,
    help="Known pages to look at again: all, those the policy calls due, only those suspected gone (no listings), none.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Ask at most N articles.")
@click.option("--dry-run", is_flag=True, help="Say what would be asked; ask nothing.")
@click.option("--resume", is_flag=True, help="Go on with what the last interrupted crawl had left.")
@click.option("--deadline", metavar="20m", callback=_duration, help="Stop cleanly after so long.")
@click.option("--scheduled-at", hidden=True, callback=_instant, help="The instant a schedule fired.")
@pass_session
@output_options
def crawl(session: Session, output: Output, portals: tuple[str, ...], dry_run: bool, **options: Any) -> None:
    """Crawl portals (default: all that are not paused): new articles, known pages again, every answer kept.

    \b
      onrecord crawl                          every portal of the archive
      onrecord crawl example-az --limit 20    a first look
      onrecord crawl example-az --resume      after Ctrl-C
    """
    from crawler.reading_process import start_server

    workspace = session.workspace
    names = _named(workspace, portals)
    if not dry_run and any(_is_unknown(workspace, name) for name in names):
        start_server()
    plans = [_plan(workspace, name, options) for name in names]
    if dry_run:
        _say_what_would_be_asked(plans, output)
        return
    plans = _awake(plans, session)
    if workspace.settings.crawl.contact is None and workspace.settings.crawl.user_agent is None:
        session.say(f"the User-Agent names no contact: set [crawl] contact in {workspace.root / 'onrecord.toml'}")
    runs = _run(workspace, plans, quiet=session.quiet)
    summaries = _followed(workspace, runs)
    if output.machine:
        output.rows([asdict(item) for item in summaries], KEYS)
    elif summaries:
        with output.text() as screen:
            for item in summaries:
                _tell(screen, item)
            for why in summaries[0].warnings:
                screen.print(f"  ! {why}")
    _end(runs, session)


def _named(workspace: Workspace, names: Sequence[str]) -> list[str]:
    from crawler import portal_file

    known = portal_file.ids(workspace)
    if not names:
        from crawler.recorded import paused

        resting = paused(workspace)
        found = [name for name in known if name not in resting]
        if not found:
            what = "every portal is paused" if known else "this archive has no portal yet"
            raise NotFound(what, hint="onrecord portal resume ID" if known else "onrecord add https://…", code="portal.none")
        return found
    return list(dict.fromkeys(portal_file.id_of(workspace, name) for name in names))


def _is_unknown(workspace: Workspace, name: str) -> bool:
    """Whether there is no evidence of a portal yet: then every page will be read, and the readers may load at once."""
    return not any(workspace.evidence.glob(f"{name}-{17 * '[0-9]'}-*"))


def _plan(workspace: Workspace, name: str, options: dict[str, Any]) -> Plan:
    from crawler import portal_file
    from crawler.plan import Plan
    from crawler.recorded import listed

    recheck: Recheck = options["recheck"]
    before = listed(workspace, name)
    plan = Plan(
        workspace=workspace,
        portal=portal_file.find(workspace, name),
        recheck=recheck,
        section=options["section"],
        limit=options["limit"],
        deadline=options["deadline"],
        scheduled_at=options["scheduled_at"],
        resume=options["resume"],
        first=not before.once,
        left_over=not before.since,
    )
    plan.sections()
    return plan


def _awake(plans: Sequence[Plan], session: Session) -> list[Plan]:
    """The plans whose portal has no quiet hours now; QuietHours where none is left."""
    from crawler.quiet_hours import QuietHours, quiet_until

    awake: list[Plan] = []
    resting: list[str] = []
    for plan in plans:
        about = plan.portal.about
        until = quiet_until(plan.portal.politeness.quiet_hours, about.timezone, datetime.now(UTC))
        if until is None:
            awake.append(plan)
        else:
            resting.append(f"{about.id} has quiet hours until {until:%H:%M} {about.timezone}")
    if resting and not awake:
        raise QuietHours("; ".join(resting), hint=f"crawl then, or onrecord portal edit {plans[0].portal.about.id}")
    for line in resting:
        session.say(f"left out: {line}")
    return awake


def _run(workspace: Workspace, plans: Sequence[Plan], *, quiet: bool) -> list[Any]:
    from crawler.reading_process import start_server

    # Until Scrapy listens for it, Ctrl-C ends the process on the spot: nothing has begun that would have to be ended.
    signal.signal(signal.SIGINT, _end_at_once)
    if any(plan.first for plan in plans):  # every page will be read: the readers load while Scrapy does
        start_server()
    from scrapy.crawler import CrawlerProcess
    from scrapy.settings import Settings

    from crawler.extensions import CrawlRun
    from crawler.spiders import spider_class

    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    workspace.logs.mkdir(exist_ok=True)
    log = workspace.logs / f"crawl-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.log"
    settings.update({"LOG_FILE": str(log), "ONRECORD_QUIET": quiet}, priority="cmdline")
    process = CrawlerProcess(settings)
    crawlers = []
    for plan in plans:
        crawler = process.create_crawler(spider_class(plan.portal, workspace.portals))
        crawlers.append(crawler)
        process.crawl(crawler, plan=plan)
    process.start()
    return [run for crawler in crawlers if (run := crawler.get_extension(CrawlRun)) is not None]


def _end_at_once(_signal: int, _frame: object) -> None:
    os.write(sys.stderr.fileno(), b"error: interrupted\n")
    os._exit(INTERRUPTED)


def _followed(workspace: Workspace, runs: Sequence[Any]) -> list[RunSummary]:
    """What the runs did, their checkpoint time stamped and the channels of [alerts] told, be it a schedule's crawl or a
    person's; authorities and channels that did not answer become warnings."""
    from archive.database import open_engine
    from archive.keeping import witness
    from archive.notify import tell_after_crawl

    summaries = [run.summary for run in runs if run.summary is not None]
    in_haste = not summaries or any(run.stopped_by_hand for run in runs)  # who pressed Ctrl-C waits for nobody
    missing = () if in_haste else (*witness(workspace, open_engine(workspace)), *tell_after_crawl(workspace))
    return [replace(item, warnings=missing) for item in summaries]


def _say_what_would_be_asked(plans: Sequence[Plan], output: Output) -> None:
    from crawler.asking import KnownPages

    rows: list[dict[str, Any]] = []
    for plan in plans:
        rows += [{"portal": plan.portal.about.id, "url": hub.url, "why": hub.via} for hub in plan.hubs()]
        known = KnownPages(plan)
        pages = known.to_recheck()
        rows += [{"portal": plan.portal.about.id, "url": page.url, "why": "recheck"} for page in pages]
        known.close()
    output.rows(rows, ("portal", "url", "why"), empty="nothing would be asked")


def _tell(screen: Screen, item: RunSummary) -> None:
    parts = [
        f"{item.visits} checked",
        f"{item.new} new",
        f"{item.changed} changed",
        f"{item.suspected_gone} suspected gone",
        f"{item.errors} errors",
        _bytes(item.bytes),
        span(item.seconds),
        f"run {item.run}",
    ]
    screen.print(f"{item.portal}: " + " · ".join(parts))
    for why in item.reasons:
        screen.print(f"  {'!' if item.healthy else '✗'} {why}")


def _bytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.1f} kB"


def _end(runs: Sequence[Any], session: Session) -> None:
    for run in runs:
        if run.error is not None:
            raise run.error
    if any(run.stopped_by_hand for run in runs):
        session.say("interrupted; go on with: onrecord crawl --resume")
        raise click.exceptions.Exit(INTERRUPTED)
    sick = [run.summary for run in runs if run.summary is not None and not run.summary.healthy]
    if sick:
        raise UnhealthyCrawl(
            "; ".join(f"{item.portal}: {item.reasons[0] if item.reasons else 'unhealthy'}" for item in sick),
            hint=f"onrecord portal check {sick[0].portal}",
        )
