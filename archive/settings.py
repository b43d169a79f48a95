"""Validated settings: defaults < onrecord.toml < ONRECORD_* < flags. An unknown key is an error naming the nearest."""

from __future__ import annotations

import difflib
import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from archive.alerts import Alerts, Channel
from archive.errors import UsageError


class Table(BaseModel):
    """Base of the tables of onrecord.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ArchiveSettings(Table):
    """[archive]: where the record and the evidence live; relative paths are relative to the workspace."""

    database: Annotated[str, Field(description="a file, or a URL: postgresql://user@host/name")] = "archive.db"
    evidence: Annotated[str, Field(description="folder of the WARC files")] = "warc"


class CrawlSettings(Table):
    """[crawl]: how the crawler shows itself and what it bears."""

    contact: Annotated[str | None, Field(description="mail address or URL that goes into the User-Agent")] = None
    user_agent: Annotated[str | None, Field(description='replaces "onrecord/VERSION (+CONTACT)"')] = None
    allow_private: Annotated[bool, Field(description="crawl loopback and private addresses; delay 0 there")] = False
    max_body: Annotated[int, Field(ge=1024, description="bytes of one answer, after decompression too")] = 32 * 1024 * 1024
    timeout: Annotated[float, Field(gt=0, description="seconds for one whole fetch")] = 60.0
    workers: Annotated[int, Field(ge=0, description="processes that read pages; 0: one a core")] = 0


TIME_STAMPERS = {
    "digicert": "http://timestamp.digicert.com",
    "sectigo": "http://timestamp.sectigo.com",
    "ssl.com": "http://ts.ssl.com",
    "freetsa": "https://freetsa.org/tsr",
}


class EvidenceSettings(Table):
    """[evidence]: how answers are kept."""

    rotate: Annotated[int, Field(ge=1024 * 1024, description="bytes of a WARC file before the next is begun")] = 1_000_000_000
    requisites: Annotated[bool, Field(description="capture images, documents and style sheets of articles")] = True
    payload_digest: Annotated[Literal["safe", "spec"], Field(description="see docs/explanation/evidence.md")] = "safe"
    full_fetch_every: Annotated[int, Field(ge=1, description="days after which a 304 is not enough")] = 30
    timestamps: Annotated[
        tuple[str, ...] | None,
        Field(
            description="who stamps the checkpoint after each crawl (RFC 3161): `digicert`, `sectigo`, `ssl.com`, `freetsa` or "
            "URLs; not set: digicert and sectigo, nobody with `allow_private`; `[]`: nobody"
        ),
    ] = None

    @field_validator("timestamps")
    @classmethod
    def _known_authorities(cls, given: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for name in given or ():
            if name not in TIME_STAMPERS and not name.startswith(("http://", "https://")):
                raise ValueError(f"{name!r} is neither an http(s) address nor one of {', '.join(TIME_STAMPERS)}")
        return given


class Settings(Table):
    """The whole of onrecord.toml."""

    archive: ArchiveSettings = ArchiveSettings()
    crawl: CrawlSettings = CrawlSettings()
    evidence: EvidenceSettings = EvidenceSettings()
    alerts: Alerts = Alerts()
    serve: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setting:
    """One key with its value in force and where that comes from: `default`, `onrecord.toml:LINE` or a variable's name."""

    table: str
    key: str
    value: Any
    origin: str


# Short names of the variables that people set most; every other key is ONRECORD_<TABLE>_<KEY>.
SHORT_VARIABLES = {"ONRECORD_DATABASE_URL": ("archive", "database")}
_SECRET_KEY = re.compile(r"password|passwd|secret|token|api_?key|credential", re.IGNORECASE)
_URL_PASSWORD = re.compile(r"(?<=://)([^/@\s]*?):([^/@\s]+)@")


def variables() -> Iterator[tuple[str, str, str]]:
    """Every (variable, table, key) that the environment may set; a later one beats an earlier one."""
    for table, model in tables().items():
        for key in model.model_fields:
            yield f"ONRECORD_{table}_{key}".upper(), table, key
    for variable, (table, key) in SHORT_VARIABLES.items():
        yield variable, table, key


def tables() -> dict[str, type[Table]]:
    """The tables whose keys are known, by name."""
    found: dict[str, type[Table]] = {}
    for name, field in Settings.model_fields.items():
        model = field.annotation
        if isinstance(model, type) and issubclass(model, Table):
            found[name] = model
    return found


def load(path: Path | None, environ: Mapping[str, str] | None = None) -> Settings:
    """Settings of a workspace file (None: defaults and environment only). UsageError names key, line and nearest key."""
    text, data = _read(path)
    _check_variables(environ)
    given = _from_environment(environ)
    for (table, key), (_, value) in given.items():
        data.setdefault(table, {})[key] = value
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        raise UsageError(_explain(path, text, given, error), code="settings.invalid") from error


def effective(path: Path | None, environ: Mapping[str, str] | None = None) -> list[Setting]:
    """Every key with its value in force and its origin, in the order of the tables; secrets as they are."""
    settings = load(path, environ)
    text, data = _read(path)
    given = _from_environment(environ)
    listed: list[Setting] = []
    for table in Settings.model_fields:
        values = getattr(settings, table)
        for key, value in _keys_of(values).items():
            if (table, key) in given:
                origin = given[table, key][0]
            elif path is not None and key in data.get(table, {}):
                line = line_of(text, (table, key))
                origin = f"{path.name}:{line}" if line else path.name
            else:
                origin = "default"
            listed.append(Setting(table, key, value, origin))
    return listed


def _keys_of(values: Any) -> dict[str, Any]:
    if isinstance(values, Alerts):  # of a channel only what is set: most keys are of other kinds of channel
        return {"viewer": values.viewer, **values.model_dump(mode="json", exclude_unset=True)}
    return values if isinstance(values, dict) else dict(values)


def masked(key: str, value: Any) -> Any:
    """The value with passwords and tokens, also those inside URLs, as `***`: for screens and logs."""
    if isinstance(value, Mapping):
        return {name: masked(name, item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [masked(key, item) for item in value]
    if _SECRET_KEY.search(key) and value is not None:
        return "***"
    return _URL_PASSWORD.sub(r"\1:***@", value) if isinstance(value, str) else value


def line_of(text: str, path: tuple[str, ...]) -> int | None:
    """The line (from 1) on which a TOML text sets the key of this dotted path, or opens the table of that name."""
    here: tuple[str, ...] = ()
    for number, row in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[{1,2}([^\]]+)\]", row)
        if header:
            here = _dotted(header[1])
            if here == path:
                return number
            continue
        name, equals, _ = row.partition("=")
        if equals and not name.lstrip().startswith("#") and (*here, *_dotted(name)) == path:
            return number
    return None


def _dotted(name: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in name.split("."))


def _read(path: Path | None) -> tuple[str, dict[str, Any]]:
    if path is None:
        return "", {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 text", code="settings.toml") from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: not TOML: {error}", code="settings.toml") from error
    for name, value in data.items():
        if name in Settings.model_fields and not isinstance(value, dict):
            raise UsageError(f"{path}:{line_of(text, (name,))}: {name} is a table: write [{name}]", code="settings.invalid")
    return text, data


def _from_environment(environ: Mapping[str, str] | None) -> dict[tuple[str, str], tuple[str, Any]]:
    """(table, key) -> (variable, value); an empty variable counts as not set."""
    source = os.environ if environ is None else environ
    return {
        (table, key): (variable, _value(source[variable], tables()[table].model_fields[key].annotation))
        for variable, table, key in variables()
        if source.get(variable)
    }


def _value(text: str, annotation: Any) -> Any:
    """What a variable's text says for a key of this type: lists by comma or as JSON; pydantic does the rest."""
    options = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    if not any((get_origin(option) or option) in (list, tuple) for option in options):
        return text
    if text.lstrip().startswith("["):
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            return text
    return [part.strip() for part in text.split(",") if part.strip()]


def _check_variables(environ: Mapping[str, str] | None) -> None:
    """A variable that begins like those of a table but names no key of it is a typing mistake, not somebody else's."""
    known = {variable for variable, _, _ in variables()}
    prefixes = tuple(f"ONRECORD_{table}_".upper() for table in tables())
    for name in os.environ if environ is None else environ:
        if name.startswith(prefixes) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            raise UsageError(
                f"environment: unknown variable {name}" + (f"; did you mean {near[0]}?" if near else ""),
                hint="onrecord config show",
                code="settings.invalid",
            )


def _explain(path: Path | None, text: str, given: Mapping[tuple[str, str], tuple[str, Any]], error: ValidationError) -> str:
    first = error.errors()[0]
    where = tuple(str(part) for part in first["loc"])
    dotted = ".".join(where)
    if where[:2] in given:
        return f"{given[where[0], where[1]][0]}: {_lowered(first['msg'])} (it is {masked(where[-1], first['input'])!r})"
    line = _line_in_list(text, where) or line_of(text, where) or line_of(text, where[:2])
    place = f"{path}{f':{line}' if line else ''}"
    if first["type"] != "extra_forbidden":
        return f"{place}: {dotted}: {_lowered(first['msg'].removeprefix('Value error, '))}"
    return f"{place}: unknown key {dotted}" + _nearest(where)


def _line_in_list(text: str, where: tuple[str, ...]) -> int | None:
    """The line of a key in the nth `[[table.list]]` (of that header where the key is not there)."""
    number = next((at for at, part in enumerate(where) if part.isdigit()), None)
    if number is None:
        return None
    header = re.compile(r"\s*\[\[\s*" + r"\s*\.\s*".join(map(re.escape, where[:number])) + r"\s*\]\]")
    rows = text.splitlines()
    starts = [at for at, row in enumerate(rows) if header.match(row)]
    if int(where[number]) >= len(starts):
        return None
    start = starts[int(where[number])]
    for at, row in enumerate(rows[start + 1 :], start + 1):
        if row.lstrip().startswith("["):
            break
        if _dotted(row.partition("=")[0]) == where[number + 1 :]:
            return at + 1
    return start + 1


def _nearest(where: tuple[str, ...]) -> str:
    if where[0] == "alerts" and len(where) > 1:
        keys = list((Channel if len(where) > 2 else Alerts).model_fields)
        near = difflib.get_close_matches(where[-1], keys, n=1, cutoff=0.5)
        return f"; did you mean {near[0]}?" if near else f"; keys here: {', '.join(keys)}"
    if len(where) == 1:
        near = difflib.get_close_matches(where[0], Settings.model_fields, n=1, cutoff=0.5)
        homes = [table for table, model in tables().items() if where[0] in model.model_fields]
        if homes:
            return f"; it belongs under [{homes[0]}]"
        return f"; did you mean [{near[0]}]?" if near else f"; tables: {', '.join(Settings.model_fields)}"
    keys = list(tables()[where[0]].model_fields)
    near = difflib.get_close_matches(where[-1], keys, n=1, cutoff=0.5)
    if near:
        return f"; did you mean {near[0]}?"
    elsewhere = [table for table, model in tables().items() if where[-1] in model.model_fields]
    return f"; it belongs under [{elsewhere[0]}]" if elsewhere else f"; keys here: {', '.join(keys)}"


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:]
