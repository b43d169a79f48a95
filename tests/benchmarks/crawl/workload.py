"""Workload W: a generated portal of N articles (mean 53 KB of HTML, three languages) in dated editions, as files.

Edition k+1 edits 2 % of the articles, deletes 0.5 %, adds 1 %, and changes the furniture (counter, clock, most-read) of
every page. Ten sections of 20 a page, robots.txt, sitemap with lastmod, RSS. The same seed gives the same bytes.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from tests.benchmarks.crawl.words import vocabulary

SECTIONS = 10
PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Story:
    """One article of the portal in one edition."""

    number: int
    lang: str
    section: int
    title: str
    paragraphs: tuple[str, ...]

    @property
    def path(self) -> str:
        """Where it is served."""
        return f"/{self.lang}/news/{self.number}.html"


@cache
def weights() -> tuple[float, ...]:
    """Zipf's law over the vocabulary, accumulated."""
    total, found = 0.0, []
    for rank in range(1, 4001):
        total += 1 / rank
        found.append(total)
    return tuple(found)


def sentence(rng: random.Random, lang: str) -> str:
    """Eight to twenty-five words."""
    words = rng.choices(vocabulary(lang), cum_weights=weights(), k=rng.randint(8, 25))
    return " ".join(words).capitalize() + "."


def story(number: int, version: int = 0) -> Story:
    """Article `number`; `version` edits one word of one paragraph."""
    rng = random.Random(f"story {number}")
    lang = ("en", "ru", "az")[number % 3]
    wanted = rng.randint(300, 1500)
    paragraphs: list[str] = []
    words = 0
    while words < wanted:
        text = " ".join(sentence(rng, lang) for _ in range(rng.randint(2, 6)))
        paragraphs.append(text)
        words += text.count(" ") + 1
    title = " ".join(rng.choices(vocabulary(lang)[200:], k=8)).capitalize()
    if version:
        edit = random.Random(f"edit {number} {version}")
        at = edit.randrange(len(paragraphs))
        parts = paragraphs[at].split(" ")
        parts[edit.randrange(len(parts))] = f"{edit.randint(10, 99)}"
        paragraphs[at] = " ".join(parts)
    return Story(number, lang, number % SECTIONS, title, tuple(paragraphs))


def edition(count: int, k: int, seed: int = 1) -> dict[int, int]:
    """Edition k (0 first) as {article number: version}; what is missing was deleted."""
    rng = random.Random(f"editions {seed}")
    stories = dict.fromkeys(range(count), 0)
    following = count
    for _ in range(k):
        numbers = sorted(stories)
        for number in rng.sample(numbers, max(1, len(numbers) // 50)):
            stories[number] += 1
        for number in rng.sample(numbers, max(1, len(numbers) // 200)):
            del stories[number]
        for _ in range(max(1, count // 100)):
            stories[following] = 0
            following += 1
    return stories


CHROME = "\n".join(
    f'<li class="item-{n}"><a href="/static/topic-{n}.html" title="Topic number {n}">Topic number {n} of the ministry</a>'
    f'<span class="badge badge-{n % 7}" data-track="nav-{n}" aria-hidden="true"></span></li>'
    for n in range(200)
)


def render(item: Story, furniture: int, neighbours: list[Story]) -> str:
    """The page as a portal would serve it: mostly chrome."""
    rng = random.Random(f"furniture {furniture} {item.number}")
    body = "\n".join(f"<p>{escape(text)}</p>" for text in item.paragraphs)
    read = "".join(
        f'<li><a href="{n.path}">{escape(n.title)}</a></li>' for n in rng.sample(neighbours, min(5, len(neighbours)))
    )
    return f"""<!doctype html>
<html lang="{item.lang}"><head><meta charset="utf-8"><title>{escape(item.title)} - Ministry of Benchmarks</title>
<meta property="og:title" content="{escape(item.title)}">
<meta property="article:published_time" content="2024-0{item.number % 9 + 1}-1{item.number % 10}T10:00:00+04:00">
</head><body><header><a href="/">Ministry of Benchmarks</a>
<span class="clock">{rng.randint(0, 23):02}:{rng.randint(0, 59):02}</span>
<nav><ul>{CHROME}</ul></nav></header>
<div class="breadcrumb"><a href="/">Main page</a> &raquo; <a href="/section-{item.section}/">Section {item.section}</a></div>
<main><article><h1>{escape(item.title)}</h1><div class="tools">{rng.randint(0, 900)} comments</div>
{body}</article></main>
<aside><h3>Most read</h3><ul>{read}</ul></aside>
<footer><p>{rng.randint(1, 10**6)} visitors</p><p>Copyright Ministry of Benchmarks. All rights reserved.</p></footer>
</body></html>"""


def write(folder: Path, count: int, k: int, *, seed: int = 1) -> list[str]:
    """Write edition k below `folder`; returns the paths of its articles. Unchanged files keep their bytes and times."""
    stories = [story(number, version) for number, version in sorted(edition(count, k, seed).items())]
    _put(folder / "robots.txt", "User-agent: *\nAllow: /\nSitemap: /sitemap.xml\n")
    wanted = {folder / item.path.lstrip("/"): render(item, k, stories[:50]) for item in stories}
    for old in folder.glob("*/news/*.html"):
        if old not in wanted:
            old.unlink()
    for path, text in wanted.items():
        _put(path, text)
    links = "".join(f'<li><a href="/section-{n}/">Section {n}</a></li>' for n in range(SECTIONS))
    _put(folder / "index.html", f"<!doctype html><title>Ministry of Benchmarks</title><h1>Ministry</h1><ul>{links}</ul>")
    for number in range(SECTIONS):
        _listing(folder / f"section-{number}", [item for item in reversed(stories) if item.section == number], number)
    urls = "".join(f"<url><loc>/{item.path.lstrip('/')}</loc><lastmod>2024-01-0{k + 1}</lastmod></url>" for item in stories)
    _put(
        folder / "sitemap.xml",
        f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>',
    )
    items = "".join(f"<item><title>{escape(item.title)}</title><link>{item.path}</link></item>" for item in stories[-20:])
    _put(folder / "rss.xml", f'<?xml version="1.0"?><rss version="2.0"><channel><title>W</title>{items}</channel></rss>')
    return [item.path for item in stories]


def _listing(folder: Path, stories: list[Story], number: int) -> None:
    pages = max(1, -(-len(stories) // PER_PAGE))
    for page in range(pages):
        rows = "".join(
            f'<li><h3><a href="{item.path}">{escape(item.title)}</a></h3></li>'
            for item in stories[page * PER_PAGE : (page + 1) * PER_PAGE]
        )
        following = (
            f'<a rel="next" class="next" href="/section-{number}/page-{page + 2}.html">Next</a>' if page + 1 < pages else ""
        )
        name = "index.html" if page == 0 else f"page-{page + 1}.html"
        _put(
            folder / name, f"<!doctype html><title>Section {number}</title><h1>Section {number}</h1><ul>{rows}</ul>{following}"
        )


def _put(path: Path, text: str) -> None:
    data = text.encode()
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
