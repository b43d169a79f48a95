"""`onrecord portal new`: a portal described by hand, with a page to read and a test of it."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.session import Session, pass_session
from archive.errors import UsageError


@click.command()
@click.argument("portal_id", metavar="ID")
@click.argument("home", metavar="URL")
@click.option("--page", "saved", metavar="SAVED.html", type=click.Path(path_type=Path), help="A saved article to begin with.")
@click.option("--page-url", metavar="URL", help="The saved article's address.")
@click.option("--tests", metavar="DIR", type=click.Path(path_type=Path), help="Where page and test go (default: portals/ID).")
@pass_session
def new(session: Session, portal_id: str, home: str, saved: Path | None, page_url: str | None, tests: Path | None) -> None:
    """Write a portal file to fill in by hand, with a saved page, what is read out of it, and a test; nothing is asked.

    The test passes at once: correct expected.json to what the page says, then the file until the test passes again.

    \b
      onrecord portal new example-az https://portal.example.az/en/
      onrecord portal new example-az https://portal.example.az/en/ --page saved.html --page-url https://…/news/5631
      python -m pytest portals/example-az
    """
    from crawler import portal_draft, portal_file, scaffold
    from crawler.saved_page import saved_body

    if (saved is None) != (page_url is None):
        raise UsageError("--page and --page-url go together", hint="the saved page's address decides how its links read")
    path = portal_file.path_of(session.workspace, portal_id)
    if path.exists():
        raise UsageError(f"{path} is there already", hint=f"onrecord portal edit {portal_id}", code="portal.exists")
    text = portal_draft.blank(portal_id, home)
    portal = portal_file.parse(text, path.name)
    page = scaffold.Page(saved_body(saved), page_url) if saved is not None and page_url else scaffold.sample(portal)
    folder = tests.absolute() if tests is not None else path.with_suffix("")
    written = scaffold.write(portal, page, path, folder)
    portal_file.write(path, text, drafted=text)
    for file in (path, *written):
        session.say(f"Wrote {_short(file, session.workspace.root)}")
    session.say(f"Next: onrecord portal edit {portal_id}, then  python -m pytest {_short(folder, session.workspace.root)}")


def _short(path: Path, root: Path) -> Path:
    return path.relative_to(root) if path.is_relative_to(root) else path
