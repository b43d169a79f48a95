"""What a portal described by hand begins with beside its file: a page to read it by, what is expected of it, and a test."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.errors import UsageError
from archive.records import Reading
from crawler.extraction import read
from crawler.portal import Portal

SAMPLE = """\
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>A bridge over the Sel is opened - {name}</title></head>
<body>
<nav><a href="/">Home</a> <a href="/news/">News</a></nav>
<article>
<h1>A bridge over the Sel is opened</h1>
<time datetime="2024-03-05">5 March 2024</time>
<p>The bridge over the Sel was opened on Tuesday after two years of work, the ministry said. It carries two lanes of traffic
and a path for walkers, and it shortens the way to the district's hospital by eleven kilometres.</p>
<p>The old ferry runs until the end of the month. Its crew of nine has been offered work with the harbour office, which
looks for hands since the new quay was finished last autumn.</p>
</article>
<footer>{name}. All rights reserved.</footer>
</body>
</html>
"""

TEST = '''\
"""What portals/{id}.toml reads out of saved pages: `python -m pytest {folder}`.

Each folder beside this file holds page.html, as the portal served it, and expected.json, what a person found on it.
"""

from pathlib import Path

import pytest

from crawler import portal_file
from crawler.scaffold import differences

HERE = Path(__file__).parent
PORTAL = {portal}


@pytest.mark.parametrize("page", sorted(HERE.glob("*/expected.json")), ids=lambda path: path.parent.name)
def test_the_page_reads_as_expected(page: Path) -> None:
    assert differences(portal_file.load(PORTAL), page.parent) == []
'''

KEYS = ("headline", "datePublished", "inLanguage", "articleSection", "authors")


@dataclass(frozen=True, slots=True)
class Page:
    """A saved page: its bytes as they were served, and its address."""

    body: bytes
    url: str


def sample(portal: Portal) -> Page:
    """An invented page, for a portal none of whose pages is at hand yet."""
    return Page(SAMPLE.format(name=portal.about.name).encode(), portal.absolute("/news/1"))


def write(portal: Portal, page: Page, file: Path, folder: Path) -> list[Path]:
    """Write page, expectation and test into `folder`; returns what was written. UsageError where one of them is there."""
    name = portal.about.id.replace("-", "_")
    fixture = folder / "first-page"
    test = folder / f"test_{name}.py"
    expected = json.dumps(expectation(portal, page), ensure_ascii=False, indent=2) + "\n"
    beside = file.parent == folder.parent
    place = f'HERE.parent / "{file.name}"' if beside else f"Path({str(file)!r})"
    told = TEST.format(id=portal.about.id, folder=f"portals/{portal.about.id}" if beside else folder, portal=place)
    contents = {fixture / "page.html": page.body, fixture / "expected.json": expected.encode(), test: told.encode()}
    there = next((path for path in contents if path.exists()), None)
    if there is not None:
        raise UsageError(f"{there} is there already", hint="--tests DIR names another place", code="portal.exists")
    for path, content in contents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return list(contents)


def expectation(portal: Portal, page: Page) -> dict[str, Any]:
    """What is read out of a page today, as the expectation a person then corrects."""
    reading = _read(portal, page)
    paragraphs = [line for line in reading.article.articleBody.split("\n\n") if line]
    must = list(dict.fromkeys([*paragraphs[:1], *paragraphs[-1:]]))
    return {"url": page.url, **_fields(reading), "must": must, "must_not": []}


def differences(portal: Portal, folder: Path) -> list[str]:
    """How the reading of a saved page (`page.html`) differs from what is expected of it (`expected.json`), a line each.

    Only keys that stand in the file count; `must` and `must_not` are words of the body.
    """
    want = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    reading = _read(portal, Page((folder / "page.html").read_bytes(), want["url"]))
    found = _fields(reading)
    told = [f"{key}: {found[key]!r}, expected {want[key]!r}" for key in KEYS if key in want and found[key] != want[key]]
    body = " ".join(reading.article.articleBody.split())
    told += [f"missing: {text}" for text in want.get("must", ()) if " ".join(text.split()) not in body]
    return told + [f"too much: {text}" for text in want.get("must_not", ()) if " ".join(text.split()) in body]


def _read(portal: Portal, page: Page) -> Reading:
    return read(page.body, url=page.url, content_type="text/html", portal=portal, at=datetime.now(UTC))


def _fields(reading: Reading) -> dict[str, Any]:
    article = reading.article
    date = article.datePublished.value if article.datePublished else None
    return {
        "headline": article.headline,
        "datePublished": date,
        "inLanguage": article.inLanguage,
        "articleSection": article.articleSection,
        "authors": list(article.authors),
    }
