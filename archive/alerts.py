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

    name: Annotated[str, Field(pattern=r"^[\w-]{1,40}$", description="what it is called: letters, digits, `_` and `-`")]
    by: Annotated[Literal["webhook", "mail", "command", "apprise"], Field(description="the way out")]
    url: Annotated[str | None, Field(description="webhook, apprise: where to")] = None
    secret_file: Annotated[Path | None, Field(description="webhook: what it is signed with")] = None
    host: Annotated[str | None, Field(description="mail: the server")] = None
    port: Annotated[int, Field(description="mail: its port")] = 587
    user: Annotated[str | None, Field(description="mail: who logs in, over TLS only")] = None
    password_file: Annotated[Path | None, Field(description="mail: the file with the password")] = None
    sender: Annotated[str | None, Field(description="mail: the address it comes from")] = None
    to: Annotated[tuple[str, ...], Field(description="mail: the addresses it goes to")] = ()
    command: Annotated[tuple[str, ...], Field(description="command: its words; it reads the message as JSON")] = ()

    kinds: Annotated[tuple[Kind, ...], Field(description="kinds of change that are told; `new` is one more")] = (
        "edited",
        "moved",
        "replaced",
        "gone",
        "back",
    )
    fields: Annotated[tuple[str, ...], Field(description="only changes of these fields")] = ()
    portal: Annotated[str | None, Field(description="only changes of this portal")] = None
    section: Annotated[str | None, Field(description="only changes in this section")] = None
    search: Annotated[
        str | None,
        Field(description="only changes that brought, or took, a text with these words, as `onrecord search` reads them"),
    ] = None
    min_words: Annotated[int, Field(description="only changes of so many words or more")] = 0
    operator: Annotated[bool, Field(description="is told of portals in trouble too")] = False
    every: Annotated[Literal["change", "hour", "day"], Field(description="a message a change, or a digest")] = "change"
    quiet: Annotated[str | None, Field(description="`22:00-07:00`: nothing is sent then; it is sent afterwards")] = None
    timezone: Annotated[str, Field(description="of the quiet hours")] = "UTC"

    @field_validator("quiet")
    @classmethod
    def _two_times(cls, value: str | None) -> str | None:
        if value is not None:
            first, _, second = value.partition("-")
            time.fromisoformat(first), time.fromisoformat(second)
        return value

    @field_validator("search")
    @classmethod
    def _asks_for_something(cls, value: str | None) -> str | None:
        from archive.search.terms import parse  # the read path, which knows the settings, not at the start of every command

        if value is not None and not parse(value):
            raise ValueError(f"{value!r} asks for no word: a search has one at least that is not excluded")
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
    """The whole of [alerts]."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    viewer: Annotated[str, Field(description="where links in messages lead")] = VIEWER
    channel: tuple[Channel, ...] = ()

    @model_validator(mode="after")
    def _names_differ(self) -> Alerts:
        names = [channel.name for channel in self.channel]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two channels have the name {name!r}")
        return self
