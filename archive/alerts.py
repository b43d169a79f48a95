"""[alerts] of onrecord.toml: the channels, what each wants to hear of, and when."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from archive.export.citations import VIEWER

Kind = Literal["new", "edited", "moved", "replaced", "gone", "back"]
_NEEDED = {"webhook": ("url",), "mail": ("host", "sender", "to"), "command": ("command",), "apprise": ("url",)}


class Channel(BaseModel):
    """One `[[alerts.channel]]`: a way out, what passes it, and when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[\w-]{1,40}$")]
    by: Literal["webhook", "mail", "command", "apprise"]
    url: str | None = None  # webhook, apprise
    secret_file: Path | None = None  # webhook: what it is signed with
    host: str | None = None  # mail
    port: int = 587
    user: str | None = None
    password_file: Path | None = None
    sender: str | None = None
    to: tuple[str, ...] = ()
    command: tuple[str, ...] = ()

    kinds: tuple[Kind, ...] = ("edited", "moved", "replaced", "gone", "back")
    fields: tuple[str, ...] = ()
    portal: str | None = None
    section: str | None = None
    min_words: int = 0
    operator: bool = False  # is told of portals in trouble too
    every: Literal["change", "hour", "day"] = "change"
    quiet: str | None = None  # "22:00-07:00": nothing is sent then; it is sent afterwards
    timezone: str = "UTC"

    @field_validator("quiet")
    @classmethod
    def _two_times(cls, value: str | None) -> str | None:
        if value is not None:
            first, _, second = value.partition("-")
            time.fromisoformat(first), time.fromisoformat(second)
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"no time zone {value!r}") from error
        return value

    @model_validator(mode="after")
    def _complete(self) -> Channel:
        for name in _NEEDED[self.by]:
            if not getattr(self, name):
                raise ValueError(f"a channel by {self.by} needs {name}")
        if self.by == "webhook" and not str(self.url).startswith(("http://", "https://")):
            raise ValueError("the url of a webhook begins with http:// or https://")
        return self

    def is_quiet(self, now: datetime) -> bool:
        """Whether nothing is to be sent at this instant."""
        if self.quiet is None:
            return False
        first, _, second = self.quiet.partition("-")
        start, end, here = time.fromisoformat(first), time.fromisoformat(second), now.astimezone(ZoneInfo(self.timezone)).time()
        return start <= here < end if start <= end else here >= start or here < end


class Alerts(BaseModel):
    """The whole of [alerts]. `viewer` is where links in messages lead."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    viewer: str = VIEWER
    channel: tuple[Channel, ...] = ()

    @model_validator(mode="after")
    def _names_differ(self) -> Alerts:
        names = [channel.name for channel in self.channel]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two channels have the name {name!r}")
        return self
