"""How a message leaves: a signed webhook, mail, a command, or Apprise. Each says in one line why it could not.

Webhooks are signed as standardwebhooks.com says: `webhook-id`, `webhook-timestamp`, and `webhook-signature`, which is
`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`. The id is that of the newest change, so that a receiver can
leave out what it has.
"""

from __future__ import annotations

import base64
import hmac
import json
import smtplib
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from hashlib import sha256
from pathlib import Path
from typing import Any

from archive.alerts import Channel
from archive.errors import OnrecordError
from archive.notify.message import Message

SECONDS = 30


class NotDelivered(OnrecordError):
    """A message could not be handed over: it stays due and is tried again with the next `notify send`."""

    code = "notify.failed"


def deliver(channel: Channel, message: Message, root: Path) -> None:
    """Hand a message over; NotDelivered, and never another error, says why not. Files named in the settings are relative to
    `root`."""
    try:
        _WAYS[channel.by](channel, message, root)
    except NotDelivered:
        raise
    except Exception as error:  # whatever one channel stumbles over, the others are told all the same
        raise NotDelivered(f"channel {channel.name}: {_said(error)}", hint=f"onrecord notify test {channel.name}") from error


def signature(secret: bytes, identity: str, at: int, body: bytes) -> str:
    """The value of `webhook-signature`."""
    signed = hmac.digest(secret, f"{identity}.{at}.".encode() + body, sha256)
    return "v1," + base64.b64encode(signed).decode("ascii")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A signed message goes where it was addressed to and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        """None: not followed."""


def _webhook(channel: Channel, message: Message, root: Path) -> None:
    body = json.dumps(message.data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    changes = message.data["changes"]
    identity = changes[0]["id"] if changes else message.data.get("id", "onrecord-test")
    now = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "onrecord",
        "webhook-id": identity,
        "webhook-timestamp": str(now),
    }
    if channel.secret_file is not None:
        headers["webhook-signature"] = signature(_secret(root, channel.secret_file), identity, now, body)
    request = urllib.request.Request(str(channel.url), body, headers, method="POST")  # noqa: S310 - http(s) only, by the settings
    with urllib.request.build_opener(_NoRedirect).open(request, timeout=SECONDS) as answer:
        answer.read(1000)


def _mail(channel: Channel, message: Message, root: Path) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = message.subject, channel.sender, ", ".join(channel.to)
    mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain="onrecord.invalid")
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answers
    mail.set_content(message.text)
    with smtplib.SMTP(str(channel.host), channel.port, timeout=SECONDS) as server:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        elif channel.user:
            raise NotDelivered(f"channel {channel.name}: {channel.host} offers no TLS, so no password is sent to it")
        if channel.user and channel.password_file is not None:
            server.login(channel.user, _secret(root, channel.password_file).decode())
        server.send_message(mail)


def _command(channel: Channel, message: Message, root: Path) -> None:
    """The command reads the message as JSON on standard input; its words come from the settings, none from a page."""
    done = subprocess.run(  # noqa: S603 - what the archive's owner wrote, without a shell
        channel.command,
        input=json.dumps(message.data, ensure_ascii=False).encode("utf-8", "replace"),
        cwd=root,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise NotDelivered(
            f"channel {channel.name}: {channel.command[0]} ended with {done.returncode} {' '.join(last)}".strip()
        )


def _apprise(channel: Channel, message: Message, _root: Path) -> None:
    try:
        import apprise
    except ImportError as error:
        hint = "pip install 'onrecord[notify]'"
        raise NotDelivered(
            f"channel {channel.name}: Apprise is not installed: {hint}", hint=hint, code="notify.extra"
        ) from error
    service = apprise.Apprise()
    if not service.add(channel.url or ""):
        raise NotDelivered(f"channel {channel.name}: Apprise does not know this url", hint="look at the url of the channel")
    if not service.notify(title=message.subject, body=message.text):
        raise NotDelivered(f"channel {channel.name}: the service did not take the message")


def _secret(root: Path, file: Path) -> bytes:
    """What a file holds, without the line end."""
    return (root / file).read_bytes().rstrip(b"\r\n")


def _said(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"answered {error.code} {error.reason}"
    if isinstance(error, subprocess.TimeoutExpired):
        return f"did not end within {SECONDS} seconds"
    said = str(error).splitlines()[0][:300] if str(error) else ""
    if isinstance(error, OSError | smtplib.SMTPException):
        return said or type(error).__name__
    return f"{type(error).__name__}: {said}".removesuffix(": ")  # "'key'" alone says nothing


_WAYS: dict[str, Callable[[Channel, Message, Path], None]] = {
    "webhook": _webhook,
    "mail": _mail,
    "command": _command,
    "apprise": _apprise,
}
