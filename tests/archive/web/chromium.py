"""A headless Chromium, spoken to over a pipe (Chrome DevTools Protocol): open a page, see what it complains of, draw it."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any

BINARY = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
SECONDS = 60
_COMPLAINTS = ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Page.javascriptDialogOpening")


class Chromium:
    """One browser with one tab and a profile of its own, ended by its process id."""

    def __enter__(self) -> Chromium:
        assert BINARY is not None
        self._profile = tempfile.mkdtemp(prefix="onrecord-chromium-")
        its_in, self._out = os.pipe()
        self._in, its_out = os.pipe()
        flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
        ]
        # The protocol wants its pipe on 3 and 4, where ours may lie already: the shell moves them out of each other's way.
        moved = f'exec "$0" "$@" 3</dev/fd/{its_in} 4>/dev/fd/{its_out}'
        self._process = subprocess.Popen(
            [
                "/bin/sh",
                "-c",
                moved,
                BINARY,
                *flags,
                "--remote-debugging-pipe",
                f"--user-data-dir={self._profile}",
                "about:blank",
            ],
            pass_fds=(its_in, its_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(its_in)
        os.close(its_out)
        self._buffer, self._number, self._session = b"", 0, ""
        self._events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        os.close(self._out)
        shutil.rmtree(self._profile, ignore_errors=True)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One call of the protocol; what happens meanwhile is kept."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + SECONDS
        while True:
            told = self._next(deadline)
            if told.get("id") == self._number:
                assert "error" not in told, told
                return dict(told["result"])
            self._events.append(told)
            if told.get("method") == "Page.javascriptDialogOpening":  # an alert would hold everything up
                os.write(
                    self._out,
                    json.dumps(
                        {**message, "id": 0, "method": "Page.handleJavaScriptDialog", "params": {"accept": True}}
                    ).encode()
                    + b"\0",
                )

    def open(self, url: str, *, width: int = 1280, dark: bool = False) -> list[str]:
        """Go there; everything the page complained of, dialogs included."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self._events = []
        self.call("Page.navigate", url=url)
        deadline = time.monotonic() + SECONDS
        while not any(event.get("method") == "Page.loadEventFired" for event in self._events):
            assert time.monotonic() < deadline, f"{url} does not load"
            self.ask("1")
            time.sleep(0.02)
        self.ask("1")
        return [_told(event) for event in self._events if event.get("method") in _COMPLAINTS]

    def ask(self, expression: str) -> Any:
        """The value of an expression in the page (by the protocol: the page's own policy does not matter)."""
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def print(self, width: int = 718) -> None:
        """Show the page that is open as it goes to paper: of A4 less the margins, until another page is opened."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=1000, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", media="print")

    def press(self, key: str, code: int) -> None:
        """Press a key and let it go."""
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def picture(self, height: int | None = None, top: float = 0) -> bytes:
        """The page as PNG: all that the window shows, or so much of it from `top` on."""
        clip: dict[str, Any] = {}
        if height is not None:
            width = self.ask("window.innerWidth")
            clip = {"clip": {"x": 0, "y": top, "width": width, "height": height, "scale": 1}}
        return base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=True, **clip)["data"])

    def _next(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._in], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, "Chromium does not answer"
            got = os.read(self._in, 1 << 20)
            assert got, "Chromium ended"
            self._buffer += got
        message, self._buffer = self._buffer.split(b"\0", 1)
        return dict(json.loads(message))


def _told(event: Mapping[str, Any]) -> str:
    parameters = event["params"]
    entry = parameters.get("entry", parameters)
    return f"{event['method']}: {entry.get('text') or entry.get('message') or json.dumps(entry)[:300]}"
