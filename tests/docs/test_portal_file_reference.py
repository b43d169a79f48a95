"""docs/reference/portal-file.md names every key of the format with its default, and its example is a sound file."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from crawler import portal_file
from crawler.portal import Portal, parse_duration

TEXT = (Path(__file__).parents[2] / "docs" / "reference" / "portal-file.md").read_text(encoding="utf-8")


def submodel(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in typing.get_args(annotation) if (found := submodel(part)) is not None), None)


def keys(model: type[BaseModel] = Portal, table: str = "") -> Iterator[tuple[str, str, Any]]:
    """(table, key, default) of every key in the file."""
    for name, field in model.model_fields.items():
        key = field.alias or name
        below = submodel(field.annotation)
        if table or below is None:
            yield table or "schema", key, field.default
        if below is not None:
            yield from keys(below, f"{table}.{key}".lstrip("."))


def documented() -> dict[tuple[str, str], str]:
    rows: dict[tuple[str, str], str] = {}
    for part in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]:
        table = part.split("\n", 1)[0].strip()
        for key, default in re.findall(r"^\| `(\w+)` \| (.+?) \|", part, flags=re.MULTILINE):
            rows[table, key] = default
    return rows


def test_every_key_is_documented_and_no_other() -> None:
    assert {(table, key) for table, key, _ in keys()} == set(documented())


@pytest.mark.parametrize(("table", "key", "default"), list(keys()))
def test_the_default_stands_beside_its_key(table: str, key: str, default: Any) -> None:
    told = documented()[table, key]
    if default is PydanticUndefined:
        assert told == "required"
    elif isinstance(default, timedelta):
        assert parse_duration(told.strip("`")) == default
    elif (
        not isinstance(default, BaseModel | None)
        and default != ()
        and not (default and isinstance(default, tuple) and isinstance(default[0], BaseModel))
    ):
        plain = list(default) if isinstance(default, tuple) else default
        assert told.strip("`") == (str(plain).lower() if isinstance(plain, bool) else str(plain))


def test_the_example_is_a_sound_file() -> None:
    example = re.search(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    assert example is not None
    assert portal_file.parse(example[1]).about.id == "example-az"
