"""`onrecord demo`: watch a small portal being edited and see every change found."""

from __future__ import annotations

import contextlib
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.errors import UsageError
from archive.output import Output

if TYPE_CHECKING:
    from crawler.demo.demonstration import Demonstration


@click.command()
@click.option("--keep", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="Keep the archive in DIR (new).")
@click.option("--seed", type=int, default=1, show_default=True, help="Which pages get which edit.")
@click.option("--serve", is_flag=True, help="Then show the first difference in the browser, until Ctrl-C.")
@pass_session
@output_options
def demo(session: Session, output: Output, keep: Path | None, seed: int, serve: bool) -> None:
    """Crawl a fictional government portal through four editions and compare what was found with the truth.

    The portal is served on a free port of this machine; nothing leaves it. Exit code 1 where a change was missed or
    invented.

    \b
      onrecord demo
      onrecord demo --keep demo && onrecord -C demo changes --kind edited,gone
    """
    from crawler.demo.demonstration import Demonstration
    from crawler.demo.editions import Editions
    from crawler.demo.server import DemoServer

    if session.archive is not None:
        raise UsageError("the demo makes an archive of its own", hint="onrecord demo --keep DIR")
    signal.signal(signal.SIGTERM, _stop)
    editions = Editions(seed)
    with _folder(keep) as root, DemoServer(editions) as server:
        demonstration = Demonstration(root, editions, server)
        exact = _run(demonstration, session, output, kept=keep)
        if serve:
            _show(demonstration, session)
    if not exact:
        click.get_current_context().exit(1)


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    """End like Ctrl-C: the crawl under way ends with us, a temporary archive goes."""
    raise KeyboardInterrupt


def _run(demonstration: Demonstration, session: Session, output: Output, kept: Path | None) -> bool:
    """All editions, shown as they come or as one JSON object; whether the truth was found exactly."""
    from archive.output.screen import screen
    from crawler.demo import report

    url = demonstration.server.url
    session.say(
        f"A fictional government portal of 200 articles in three languages on {url}/en/ (seed {demonstration.editions.seed})"
    )
    if output.machine:
        steps = list(demonstration.steps())
        record = report.as_json(steps, url, kept)
        output.one(record, lambda _: None)
    else:
        steps = []
        console = screen(sys.stdout, color=output.colored(sys.stdout), terminal=sys.stdout.isatty())  # as it comes: no pager
        for step in demonstration.steps():
            report.print_step(step, console)
            steps.append(step)
        report.print_verdict(steps, kept, console)
    return all(step.comparison.exact for step in steps)


def _show(demonstration: Demonstration, session: Session) -> None:
    """The archive in the browser, opened where an edit can be seen; the portal itself stays on its port beside it."""
    from archive.cli.serve import PORT
    from archive.web.server import Viewer

    with Viewer(demonstration.workspace, port=PORT, else_any=True) as viewer:
        path = demonstration.telling_path()
        session.say(f"\n{viewer.url}{path}   (Ctrl-C ends)")
        session.say(f"The portal stays on {demonstration.server.url}/en/ meanwhile. Crawl it again with")
        session.say(f"  ONRECORD_CRAWL_ALLOW_PRIVATE=1 onrecord -C {demonstration.workspace.root} crawl demo --recheck all")
        viewer.show(path)
        viewer.wait()


@contextlib.contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """A folder for the archive: the one to keep, which must hold nothing yet, or one that is removed at the end."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="onrecord-demo-") as name:
            yield Path(name)
        return
    if keep.exists() and any(keep.iterdir()):
        raise UsageError(f"{keep} is not empty", hint="name a folder that does not exist yet")
    yield keep
