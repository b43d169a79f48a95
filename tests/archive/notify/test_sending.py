"""Alerts: each change once, the change itself in the message, nothing lost to quiet hours, digests or a dead receiver."""

from __future__ import annotations

import base64
import hmac
import json
import socketserver
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from archive.errors import UsageError
from archive.notify import send_due
from archive.workspace import Workspace
from tests.archive.notify.conftest import channels, edit, first_look
from tests.archive.story import Portal


@pytest.fixture
def received(httpserver: HTTPServer) -> Iterator[list[Request]]:
    """What a webhook's receiver got."""
    got: list[Request] = []

    def handler(request: Request) -> Response:
        request.get_data()
        got.append(request)
        return Response("", 200)

    httpserver.expect_request("/hook", method="POST").respond_with_handler(handler)
    yield got


def test_a_webhook_is_told_of_each_change_once_and_signed(
    portal: Portal, httpserver: HTTPServer, received: list[Request]
) -> None:
    (portal.workspace.root / "secret").write_text("s3cret\n")
    url = httpserver.url_for("/hook")
    made = channels(
        portal.workspace, f'[[alerts.channel]]\nname = "desk"\nby = "webhook"\nurl = "{url}"\nsecret_file = "secret"\n'
    )
    first_look(made)
    assert [sent.changes for sent in send_due(made, made.settings.alerts)] == [1]
    assert [sent.changes for sent in send_due(made, made.settings.alerts)] == [0]
    edit(portal, 45)
    assert [sent.changes for sent in send_due(made, made.settings.alerts)] == [1]
    assert len(received) == 2
    body, headers = received[0].get_data(), received[0].headers
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(b"s3cret", signed, "sha256")).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    change = json.loads(body)["changes"][0]
    assert change["kind"] == "edited"
    assert ["-", "47"] in change["blocks"][0]["ops"]
    assert change["link"].startswith("http://127.0.0.1:8001/pages/")


def test_what_a_dead_receiver_missed_is_told_later_and_others_get_theirs(portal: Portal, tmp_path: Path) -> None:
    target, ready = tmp_path / "told.json", tmp_path / "ready"
    hook = f"import sys,pathlib; sys.exit(3) if not pathlib.Path({str(ready)!r}).exists() else None"
    keep = f"import sys; open({str(target)!r},'w').write(sys.stdin.read())"
    made = channels(
        portal.workspace,
        f'[[alerts.channel]]\nname="a"\nby="command"\ncommand={json.dumps([sys.executable, "-c", hook])}\n'
        f'[[alerts.channel]]\nname="b"\nby="command"\ncommand={json.dumps([sys.executable, "-c", keep])}\n',
    )
    first_look(made)
    first, second = send_due(made, made.settings.alerts)
    assert (first.changes, second.changes) == (0, 1)
    assert "ended with 3" in str(first.waits)
    assert json.loads(target.read_text())["changes"][0]["kind"] == "edited"
    ready.touch()
    assert [sent.changes for sent in send_due(made, made.settings.alerts)] == [1, 0]


def test_quiet_hours_and_digests_hold_back_and_then_tell_all_in_one(portal: Portal, tmp_path: Path) -> None:
    target = tmp_path / "told.json"
    keep = f"import sys; open({str(target)!r},'a').write(sys.stdin.read()+chr(10))"
    command = json.dumps([sys.executable, "-c", keep])
    made = channels(
        portal.workspace,
        f'[[alerts.channel]]\nname="d"\nby="command"\ncommand={command}\nevery="day"\nquiet="22:00-07:00"\ntimezone="Asia/Baku"\n',
    )
    alerts = made.settings.alerts
    first_look(made)
    night = datetime(2026, 3, 3, 23, tzinfo=UTC)  # 03:00 in Baku
    assert send_due(made, alerts, lambda: night)[0].waits == "quiet hours"
    assert send_due(made, alerts, lambda: night + timedelta(hours=6))[0].changes == 1
    edit(portal, 45)
    edit(portal, 44)
    assert send_due(made, alerts, lambda: night + timedelta(hours=9))[0].waits == "digest"
    assert send_due(made, alerts, lambda: night + timedelta(hours=32))[0].changes == 2
    assert [len(json.loads(line)["changes"]) for line in target.read_text().splitlines()] == [1, 2]


def test_kinds_fields_and_sizes_are_filtered(portal: Portal, tmp_path: Path) -> None:
    command = json.dumps([sys.executable, "-c", "pass"])
    made = channels(
        portal.workspace,
        f'[[alerts.channel]]\nname="gone"\nby="command"\ncommand={command}\nkinds=["gone"]\n'
        f'[[alerts.channel]]\nname="large"\nby="command"\ncommand={command}\nmin_words=50\n'
        f'[[alerts.channel]]\nname="heads"\nby="command"\ncommand={command}\nfields=["headline"]\n'
        f'[[alerts.channel]]\nname="new"\nby="command"\ncommand={command}\nkinds=["new","edited"]\n',
    )
    first_look(made)
    assert [sent.changes for sent in send_due(made, made.settings.alerts)] == [0, 0, 0, 2]


def test_a_mail_holds_the_words_that_changed(portal: Portal) -> None:
    letters: list[str] = []

    class Smtp(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                word = line[:4].upper()
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    letter = b""
                    while (line := self.rfile.readline()) != b".\r\n":
                        letter += line
                    letters.append(letter.decode())
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")

    with socketserver.TCPServer(("127.0.0.1", 0), Smtp) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        made = channels(
            portal.workspace,
            f'[[alerts.channel]]\nname="m"\nby="mail"\nhost="127.0.0.1"\nport={server.server_address[1]}\n'
            'sender="onrecord@example.org"\nto=["desk@example.org"]\n',
        )
        first_look(made)
        assert [sent.changes for sent in send_due(made, made.settings.alerts)] == [1]
        server.shutdown()
    assert "Subject: Edited: 47 member states agree" in letters[0]
    assert "[-47-]{+46+}" in letters[0]
    assert "onrecord cite" in letters[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[alerts.channel]]\nname="a"\nby="webhook"\n', "needs url"),
        ('[[alerts.channel]]\nname="a"\nby="webhook"\nurl="file:///etc/passwd"\n', "begins with http"),
        ('[[alerts.channel]]\nname="a"\nby="pigeon"\n', "channel.0.by"),
        ('[[alerts.channel]]\nname="a"\nby="command"\ncommand=["x"]\nquiet="late"\n', "quiet"),
        ('[[alerts.channel]]\nname="a"\nby="command"\ncommand=["x"]\nkind=["gone"]\n', "channel.0.kind"),
        ("[alerts]\nchanel = 1\n", "chanel"),
    ],
)
def test_a_mistake_in_the_settings_is_named(sqlite_workspace: Workspace, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        channels(sqlite_workspace, text)


def test_notify_works_from_the_command_line(portal: Portal, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from archive.cli.front import onrecord

    def call(*words: str) -> Any:
        return CliRunner().invoke(onrecord, ["-C", str(portal.workspace.root), *words], prog_name="onrecord")

    channels(
        portal.workspace, f'[[alerts.channel]]\nname="c"\nby="command"\ncommand={json.dumps([sys.executable, "-c", "pass"])}\n'
    )
    assert json.loads(call("notify", "test", "--json").output) == [{"channel": "c", "by": "command", "outcome": "sent"}]
    assert json.loads(call("notify", "send", "--json").output) == [{"channel": "c", "changes": 0, "waits": "begins now"}]
