"""`onrecord serve`: the archive in a browser."""

from __future__ import annotations

import click

from archive.cli.session import Session, pass_session

PORT = 8001


@click.command()
@click.option("-p", "--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0: any free one.")
@click.option("-o", "--open", "open_", is_flag=True, help="Open the browser.")
@click.option("--public", is_flag=True, help="Answer other machines too, under any name. Whoever reaches it can read all.")
@pass_session
def serve(session: Session, port: int, open_: bool, public: bool) -> None:
    """Show the archive in a browser, read-only, on this machine only unless --public, until Ctrl-C.

    \b
      onrecord serve -o
      onrecord serve -p 8080 --public      behind a proxy that speaks TLS
    """
    from archive import database
    from archive.web.server import Viewer

    with session.record():  # an archive that cannot be read is told now, not on every page
        database.check_schema(database.open_engine(session.workspace, readonly=True))
    with Viewer(session.workspace, port=port, public=public) as viewer:
        session.say(f"{viewer.url}   (Ctrl-C ends)")
        if public:
            session.warn("other machines can read this archive")
        if open_:
            viewer.show()
        viewer.wait()
