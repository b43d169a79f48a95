"""Takes the pictures of docs/how-to/images: `python -m tests.archive.web.pictures [FOLDER] [--only NAME]…`.

The demo is crawled anew and served, and a Chromium looks at it. Times and the demo's port differ from run to run, the words and
what changed do not."""

from __future__ import annotations

import argparse
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive import database, query
from archive.web.server import Viewer
from archive.workspace import Workspace, open_at
from tests.archive.web.chromium import Chromium
from tests.conftest import demonstrate

IMAGES = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "images"
WORD = "water"


@dataclass(frozen=True, slots=True)
class Picture:
    """A page and how much of it is shown. `at`: what stands in the middle, where that is not the page's beginning."""

    name: str
    path: str
    height: int
    width: int = 1200
    at: str | None = None


def pictures(made: Workspace) -> Iterator[Picture]:
    """Every picture, of pages that show most of what it is about."""
    with database.session(made, readonly=True) as session:
        portal = query.portals(session)[0]["portal"]
        pages: dict[str, Any] = {page["page"]: page for page in query.pages(session, lang="en")}
        edits = [change for change in query.changes(session, kinds=("edited",)) if change["page"] in pages]
    day = max(change["detected_at"] for change in edits).date()
    longest = max(edits, key=lambda change: (change["to"], "body" in change["fields"], change["words_added"]))
    rewritten = max(
        edits, key=lambda change: min(change["words_added"], change["words_removed"]) * ("body" in change["fields"])
    )
    article, edit = f"/pages/{longest['page']}", f"/pages/{rewritten['page']}/diff/{rewritten['from']}..{rewritten['to']}"
    yield Picture("home", f"/?since={day}", 900)
    yield Picture("portal", f"/portals/{portal}", 950)
    yield Picture("time-machine", f"/portals/{portal}/at/{day}", 800)
    yield Picture("article", article, 800)
    yield Picture("blame", article, 850, at=".lost")
    yield Picture("evidence-sheet", f"{article}/evidence", 1100)
    yield Picture("difference", edit, 700)
    yield Picture("difference-narrow", edit, 800, width=360)
    yield Picture("side-by-side", f"{edit}?view=side", 800)
    yield Picture("search", f"/search?q={WORD}", 800)
    yield Picture("changes", "/changes?kind=edited&patch=1", 900)
    yield Picture("gone", "/gone", 600)
    yield Picture("runs", "/runs", 600)
    yield Picture("figures", "/stats", 1300)
    yield Picture("replay", f"/web/2100/{pages[longest['page']]['url']}", 700, width=1280)


def take(browser: Chromium, base: str, picture: Picture) -> bytes:
    """One picture as PNG; an AssertionError where the page complains or is no page."""
    assert browser.open(base + picture.path, width=picture.width) == [], picture
    middle = f"(box => box.top + scrollY)(document.querySelector({picture.at!r}).getBoundingClientRect())"
    top = max(0, browser.ask(middle) - picture.height * 2 / 3) if picture.at else 0
    return browser.picture(picture.height, top)


def small(picture: bytes) -> bytes:
    """The same in 128 colours, a third of the bytes; as it is where there is no Pillow."""
    try:
        from PIL import Image
    except ImportError:
        return picture
    made = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(128).save(made, "PNG", optimize=True)
    return made.getvalue()


def main() -> None:
    """Take them all, or those named."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", nargs="?", type=Path, default=IMAGES)
    asked.add_argument("--only", action="append", metavar="NAME", help="this picture; may be given more than once")
    asked.add_argument("--archive", type=Path, help="of a demo that is kept, else a new one is made")
    words = asked.parse_args()
    words.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        root = words.archive or demonstrate(Path(temporary) / "demo").root
        made = open_at(root)
        with Viewer(made) as viewer, Chromium() as browser:
            for picture in pictures(made):
                if not words.only or picture.name in words.only:
                    file = words.folder / f"{picture.name}.png"
                    file.write_bytes(small(take(browser, viewer.url.rstrip("/"), picture)))
                    print(f"{file}  {file.stat().st_size // 1024} KiB  {picture.path}")


if __name__ == "__main__":
    main()
