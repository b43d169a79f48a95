"""Validated settings: defaults < onrecord.toml < ONRECORD_* < flags. An unknown key is an error naming the nearest."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from archive.errors import UsageError


class Table(BaseModel):
    """Base of the tables of onrecord.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ArchiveSettings(Table):
    """[archive]: where the record and the evidence live; relative paths are relative to the workspace."""

    database: str = "archive.db"  # a file, or an SQLAlchemy URL (postgresql+psycopg://...)
    evidence: str = "warc"


class CrawlSettings(Table):
    """[crawl]."""

    contact: str | None = None  # mail address or URL that goes into the User-Agent
    user_agent: str | None = None  # replaces "onrecord/VERSION (+CONTACT)"
    allow_private: bool = False  # loopback and private addresses, and a delay of 0 there
    max_body: Annotated[int, Field(ge=1024)] = 32 * 1024 * 1024  # bytes, after decompression too
    timeout: Annotated[float, Field(gt=0)] = 60.0  # seconds for one whole fetch
    workers: Annotated[int, Field(ge=0)] = 0  # reading processes; 0: one a core


class EvidenceSettings(Table):
    """[evidence]."""

    rotate: Annotated[int, Field(ge=1024 * 1024)] = 1_000_000_000  # bytes of a WARC file before the next is begun
    requisites: bool = True  # capture images and documents of articles
    payload_digest: Literal["safe", "spec"] = "safe"  # see docs/explanation/evidence.md
    full_fetch_every: Annotated[int, Field(ge=1)] = 30  # days after which a 304 is not enough


class Settings(Table):
    """The whole of onrecord.toml."""

    archive: ArchiveSettings = ArchiveSettings()
    crawl: CrawlSettings = CrawlSettings()
    evidence: EvidenceSettings = EvidenceSettings()
    alerts: dict[str, Any] = Field(default_factory=dict)
    serve: dict[str, Any] = Field(default_factory=dict)


# Short names of the variables that people set most; every other key is ONRECORD_<TABLE>_<KEY>.
SHORT_VARIABLES = {"ONRECORD_DATABASE_URL": ("archive", "database")}


def variables() -> Iterator[tuple[str, str, str]]:
    """Every (variable, table, key) that the environment may set."""
    for variable, (table, key) in SHORT_VARIABLES.items():
        yield variable, table, key
    for table, field in Settings.model_fields.items():
        model = field.annotation
        if isinstance(model, type) and issubclass(model, Table):
            for key in model.model_fields:
                yield f"ONRECORD_{table}_{key}".upper(), table, key


def load(path: Path | None, environ: Mapping[str, str] | None = None) -> Settings:
    """Settings of a workspace file (None: defaults and environment only). UsageError names key, line and nearest key."""
    text = path.read_text(encoding="utf-8") if path is not None else ""
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: not TOML: {error}", code="settings.toml") from error
    for variable, table, key in variables():
        value = (os.environ if environ is None else environ).get(variable)
        if value is not None:
            data.setdefault(table, {})[key] = value
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        raise UsageError(_explain(path, text, error), code="settings.invalid") from error


def _explain(path: Path | None, text: str, error: ValidationError) -> str:
    first = error.errors()[0]
    where = [str(part) for part in first["loc"]]
    dotted = ".".join(where)
    line = next((n for n, row in enumerate(text.splitlines(), 1) if row.split("=")[0].strip(" []") == where[-1]), None)
    place = f"{path or 'environment'}{f':{line}' if line else ''}"
    if first["type"] != "extra_forbidden":
        return f"{place}: {dotted}: {first['msg']}"
    near = difflib.get_close_matches(where[-1], _known(where[:-1]), n=1, cutoff=0.5)
    return f"{place}: unknown key {dotted}" + (f"; did you mean {near[0]}?" if near else "")


def _known(table: list[str]) -> list[str]:
    if not table:
        return list(Settings.model_fields)
    field = Settings.model_fields.get(table[0])
    model = field.annotation if field else None
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, Table) else list(get_args(model))
