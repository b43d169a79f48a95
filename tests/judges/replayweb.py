"""ReplayWeb.page as its makers pack it, served beside a WACZ on loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlencode, urlsplit

from tests.archive.web.chromium import Chromium
from tests.judges.npm import package

SECONDS = 40
# The words of every frame, however many shadow roots it lies in.
WORDS = """(() => {
  const texts = [];
  const look = (node) => {
    for (const item of node.querySelectorAll("*")) {
      if (item.shadowRoot) look(item.shadowRoot);
      if (item.tagName === "IFRAME" && item.contentDocument) {
        texts.push(item.contentDocument.body ? item.contentDocument.body.innerText : "");
        look(item.contentDocument);
      }
    }
  };
  look(document);
  return texts.join("\\n");
})()"""
_TYPES = {".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml", ".wacz": "application/wacz+zip"}


@contextmanager
def served(wacz: Path) -> Iterator[str]:
    """ReplayWeb.page and the package as /archive.wacz on a free port, with byte ranges, which its reader asks for."""
    root = package("replaywebpage", "2.4")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            name = unquote(urlsplit(self.path).path).lstrip("/") or "index.html"
            path = wacz if name == "archive.wacz" else (root / name).resolve()
            found = path.is_file() and (path == wacz or path.is_relative_to(root.resolve()))
            data = path.read_bytes() if found else b""
            first, last = 0, len(data) - 1
            ranged = self.headers.get("Range", "").removeprefix("bytes=")
            if found and ranged:
                begin, _, end = ranged.partition("-")
                first = int(begin) if begin else max(0, len(data) - int(end))
                last = min(int(end), last) if begin and end else last
            self.send_response((206 if ranged else 200) if found else 404)
            if found and ranged:
                self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("Content-Type", _TYPES.get(path.suffix, "application/octet-stream"))
            self.send_header("Content-Length", str(last - first + 1))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(data[first : last + 1])

        do_HEAD = do_GET

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def shown(browser: Chromium, site: str, url: str, stamp: str, wanted: str) -> str:
    """What ReplayWeb.page shows of a capture, once it shows the wanted words or the time is up."""
    browser.open("about:blank")
    where = urlencode({"view": "resource", "url": url, "ts": stamp})
    browser.open(f"{site}/?source={site}/archive.wacz#{where}")
    deadline, words = time.monotonic() + SECONDS, ""
    while wanted not in words and time.monotonic() < deadline:
        time.sleep(0.2)
        words = " ".join((browser.ask(WORDS) or "").split())  # no-break blanks too
    return words
