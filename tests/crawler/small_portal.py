"""A small government portal on loopback whose pages a test can change between two crawls; remembers what was asked."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

WORDS = (
    "The ministry said on Monday that the commission would meet again next month to discuss the draft resolution on roads. "
    "Officials of the region agreed that the new bridge must be finished before winter, and thanked the engineers for it. "
    "A spokesman added that the budget of the programme had been approved by parliament without a single vote against it. "
)


@dataclass
class Answer:
    """What a path answers."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    held: threading.Event | None = None  # the answer comes when a test sets it
    etag: bool = False


class SmallPortal:
    """Paths and their answers; `asked` is the log of (time, method, path, headers)."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[float, str, dict[str, str]]] = []
        self.base = ""

    def put(self, path: str, body: str | bytes = b"", **more: object) -> None:
        """Set what a path answers."""
        data = body.encode() if isinstance(body, str) else body
        self.answers[path] = Answer(data, **more)  # type: ignore[arg-type]

    def article(self, number: int, *, words: str = "", links: tuple[int, ...] = (), etag: bool = False) -> None:
        """An article at /en/news/NUMBER."""
        more = "".join(f'<li><a href="/en/news/{n}">Statement number {n}</a></li>' for n in links)
        related = f"<h3>Related articles</h3><ul>{more}</ul>" if links else ""
        body = f"<p>Number {number}. {WORDS}{words}</p><p>{WORDS} It concerns district {number}.</p>"
        self.put(f"/en/news/{number}", page(f"Statement number {number} of the ministry", body + related), etag=etag)

    def listing(self, path: str, numbers: list[int], *, following: str | None = None) -> None:
        """A listing of articles, with a next page."""
        rows = "".join(f'<li><h3><a href="/en/news/{n}">Statement number {n} of the ministry</a></h3></li>' for n in numbers)
        more = f'<a class="next" rel="next" href="{following}">Next page</a>' if following else ""
        self.put(path, f"<!doctype html><html lang=en><title>News</title><h1>News</h1><ul>{rows}</ul>{more}</html>")

    def paths(self) -> list[str]:
        """Every path that was asked, in order."""
        return [path for _, path, _ in self.asked]

    def portal_file(self, *, more: str = "") -> str:
        """A portal file for it."""
        return (
            f'schema = 1\n[portal]\nid = "small"\nname = "Small"\nhome = "{self.base}/"\nlanguages = ["en"]\n'
            '[politeness]\ndelay = "0s"\nconcurrency = 4\n'
            '[[section]]\nname = "News"\nurl = "/en/news/"\n'
            'paginate = { next = "a.next", max_pages = 3, backfill_pages = 20 }\n'
            "[articles]\nurl = '^/en/news/\\d+$'\n[gone]\nconfirm = { visits = 2, over = \"0s\" }\n" + more
        )


def page(title: str, body: str) -> str:
    """A whole page of the portal."""
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title} - Ministry</title></head><body>"
        f"<nav><a href='/'>Home</a> <a href='/en/news/'>News</a></nav><main><article><h1>{title}</h1>{body}</article></main>"
        f"<footer>Ministry of Small Things</footer></body></html>"
    )


@contextmanager
def small_portal(articles: int = 6) -> Iterator[SmallPortal]:
    """Served on a free port: a home page, a listing of two pages, `articles` articles."""
    portal = SmallPortal()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            portal.asked.append((time.monotonic(), self.path, dict(self.headers)))
            answer = portal.answers.get(self.path, Answer(b"<h1>Not found</h1>", 404))
            time.sleep(answer.wait)
            if answer.held is not None:
                answer.held.wait(120)
            headers = dict(answer.headers)
            status, body = answer.status, answer.body
            if answer.etag:
                headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
                if self.headers.get("If-None-Match") == headers["ETag"]:
                    status, body = 304, b""
            self.send_response(status)
            headers.setdefault("Content-Type", "text/html; charset=utf-8")
            if status != 304:
                headers["Content-Length"] = str(len(body))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    portal.base = f"http://127.0.0.1:{server.server_address[1]}"
    portal.put("/robots.txt", "User-agent: *\nDisallow: /secret/\n", headers={"Content-Type": "text/plain"})
    portal.put("/", "<!doctype html><title>Ministry</title><h1>Ministry</h1><a href='/en/news/'>News</a>")
    half = (articles + 1) // 2
    portal.listing("/en/news/", list(range(1, half + 1)), following="/en/news/?page=2")
    portal.listing("/en/news/?page=2", list(range(half + 1, articles + 1)))
    for number in range(1, articles + 1):
        portal.article(number)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()


def archive_of(folder: Path, portal: SmallPortal, *, more: str = "") -> Path:
    """A workspace with the portal's file, ready to crawl."""
    from archive import database, workspace

    made = workspace.create(folder)
    database.upgrade(made)
    (folder / "portals" / "small.toml").write_text(portal.portal_file(more=more), encoding="utf-8")
    return folder
