"""Channels apart: what one stumbles over is its own failure, and the others hear of everything."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from archive.cli.front import onrecord
from archive.notify import send_due, tell_after_crawl, tell_operator
from archive.workspace import Workspace
from tests.archive.notify.conftest import channels, edit, first_look
from tests.archive.story import Portal

APPRISE = importlib.util.find_spec("apprise") is not None
needs_apprise = pytest.mark.skipif(not APPRISE, reason="Apprise is not installed: pip install 'onrecord[notify]'")
BAD = {"by": "apprise", "url": "no-such-service://x"}
UNKNOWN = "Apprise does not know this url" if APPRISE else "Apprise is not installed: pip install 'onrecord[notify]'"


def made_of(portal: Portal, **listed: Mapping[str, Any]) -> Workspace:
    """The workspace with these channels, in this order (JSON is TOML as far as strings and lists go)."""
    lines = [
        "[[alerts.channel]]\n" + "".join(f"{key}={json.dumps(value)}\n" for key, value in {"name": name, **keys}.items())
        for name, keys in listed.items()
    ]
    return channels(portal.workspace, "".join(lines))


def keeps(file: Path) -> dict[str, Any]:
    """A command that writes down what it is told, a line a message."""
    return {
        "by": "command",
        "command": [sys.executable, "-c", f"import sys; open({str(file)!r},'a').write(sys.stdin.read()+chr(10))"],
    }


def call(made: Workspace, *words: str) -> Result:
    return CliRunner().invoke(onrecord, ["-C", str(made.root), *words], prog_name="onrecord")


def test_a_bad_channel_keeps_nothing_from_those_after_it(portal: Portal, tmp_path: Path) -> None:
    target = tmp_path / "told.jsonl"
    made = made_of(portal, bad=BAD, good=keeps(target))
    first_look(made)
    bad, good = send_due(made, made.settings.alerts)
    assert (bad.changes, bad.failed, good.changes, good.failed) == (0, True, 1, False)
    assert UNKNOWN in str(bad.waits)
    assert [change["kind"] for change in json.loads(target.read_text())["changes"]] == ["edited"]
    edit(portal, 45)
    assert tell_after_crawl(made) == [f"channel bad was not told: {bad.waits}"]  # and raises nothing into the crawl
    assert len(target.read_text().splitlines()) == 2


def test_a_missing_extra_is_the_failure_of_its_channel(portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)  # importing it is an ImportError
    made = made_of(portal, bad={"by": "apprise", "url": "json://127.0.0.1/"}, good=keeps(tmp_path / "told"))
    first_look(made)
    bad, good = send_due(made, made.settings.alerts)
    assert (str(bad.waits), good.changes) == ("channel bad: Apprise is not installed: pip install 'onrecord[notify]'", 1)


def test_an_answer_that_is_not_http_is_the_failure_of_its_channel(portal: Portal, tmp_path: Path) -> None:
    """Raised as http.client.InvalidURL, which is no OSError."""
    made = made_of(portal, bad={"by": "webhook", "url": "http://127.0.0.1:port/"}, good=keeps(tmp_path / "told"))
    first_look(made)
    bad, good = send_due(made, made.settings.alerts)
    assert (bad.changes, bad.failed, good.changes) == (0, True, 1)
    assert "InvalidURL" in str(bad.waits)


def test_the_operator_hears_through_the_channels_that_work(portal: Portal, tmp_path: Path) -> None:
    for _ in range(2):
        portal.later(days=1).begin()
        portal.end("unhealthy")
    target = tmp_path / "told"
    made = made_of(portal, bad={**BAD, "operator": True}, good={**keeps(target), "operator": True})
    bad, good = tell_operator(made, made.settings.alerts)
    assert (bad.changes, bad.failed, good.changes) == (0, True, 1)
    assert json.loads(target.read_text())["schema"] == "onrecord.operator/1"


def test_notify_test_tries_all_and_has_a_line_for_each_that_fails(portal: Portal, tmp_path: Path) -> None:
    target = tmp_path / "told"
    made = made_of(portal, bad=BAD, worse={"by": "command", "command": ["/no/such/command"]}, good=keeps(target))
    result = call(made, "notify", "test", "--json")
    assert result.exit_code == 1
    outcomes = {row["channel"]: row["outcome"] for row in json.loads(result.stdout)}
    assert list(outcomes) == ["bad", "worse", "good"]
    assert outcomes["good"] == "sent" and target.exists()
    assert UNKNOWN in outcomes["bad"] and "No such file" in outcomes["worse"]
    human = call(made, "notify", "test").stdout
    assert sum("channel bad:" in line or "channel worse:" in line for line in human.splitlines()) == 2
    assert call(made, "notify", "test", "good").exit_code == 0


@needs_apprise
def test_a_change_arrives_through_apprise(portal: Portal, httpserver: HTTPServer) -> None:
    got: list[dict[str, Any]] = []

    def handler(request: Request) -> Response:
        got.append(json.loads(request.get_data()))
        return Response("", 200)

    httpserver.expect_request("/hook", method="POST").respond_with_handler(handler)
    made = made_of(portal, team={"by": "apprise", "url": f"json://127.0.0.1:{httpserver.port}/hook"})
    first_look(made)
    assert [(sent.changes, sent.waits) for sent in send_due(made, made.settings.alerts)] == [(1, None)]
    assert got[0]["title"].startswith("Edited: 47 member states agree")
    assert "[-47-]{+46+}" in got[0]["message"]


@needs_apprise
def test_what_a_service_does_not_take_through_apprise_is_told_later(portal: Portal, httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/hook").respond_with_data("", 503)
    made = made_of(portal, team={"by": "apprise", "url": f"json://127.0.0.1:{httpserver.port}/hook"})
    first_look(made)
    (sent,) = send_due(made, made.settings.alerts)
    assert (sent.changes, sent.waits) == (0, "channel team: the service did not take the message")
    httpserver.expect_request("/hook").respond_with_data("", 200)
    assert send_due(made, made.settings.alerts)[0].changes == 1
