"""How does a reading travel between processes? As JSON that is checked on arrival, never as a pickle: what reads hostile
pages must not be able to have anything run where it answers."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError

from archive.digests import textprint
from archive.records import Reading

_SURROGATE = re.compile("[\ud800-\udfff]")


@cache
def _adapter() -> TypeAdapter[Reading]:
    return TypeAdapter(Reading)  # takes a moment to make


def to_json(reading: Reading) -> bytes:
    """A reading as UTF-8."""
    try:
        return _adapter().dump_json(reading)
    except PydanticSerializationError:
        return _adapter().dump_json(in_utf8(reading))


def from_json(data: bytes) -> Reading:
    """The reading again; ValueError for anything else."""
    return _adapter().validate_json(data)


def in_utf8(reading: Reading) -> Reading:
    """The reading with U+FFFD for each half of a surrogate pair: JSON-LD and PDF files hold such, and no encoding does."""
    mended: Reading = _mended(reading)
    return reading if mended == reading else replace(mended, textprint=textprint(mended.article))


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, tuple):
        return tuple(map(_mended, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _mended(getattr(value, field.name)) for field in fields(value)})
    return value
