"""The one root of every error a caller may want to catch, and its few narrow children.

`code`, `message`, `hint` are what `--json` prints; `exit_code` is the process's, as documented in docs/reference.
"""

from __future__ import annotations


class OnrecordError(Exception):
    """Something a person can act on: print `message` and `hint`, one line each, and exit with `exit_code`."""

    code = "failure"
    exit_code = 1

    def __init__(self, message: str, *, hint: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if code is not None:
            self.code = code


class UsageError(OnrecordError):
    """The words of the call, a settings file or a portal file are off: show the message, change the words."""

    code = "usage"
    exit_code = 2


class NotFound(OnrecordError):
    """No such page, version, portal, schedule or workspace: list what there is."""

    code = "not_found"
    exit_code = 3


class UnhealthyCrawl(OnrecordError):
    """The crawl ended, but too little of it worked to be believed: look at the reasons."""

    code = "crawl.unhealthy"
    exit_code = 4


class IntegrityError(OnrecordError):
    """Kept bytes are not what they were: stop writing, look at the named file and offset, `onrecord repair`."""

    code = "integrity"
    exit_code = 5


class Busy(OnrecordError):
    """Another process is writing here: wait for it, or stop it."""

    code = "busy"
    exit_code = 7
