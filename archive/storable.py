"""What can a database hold of a value? PostgreSQL takes neither NUL nor half a surrogate pair; the evidence keeps them."""

from __future__ import annotations

import re
from typing import Any

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(value: Any) -> Any:
    """The value without NUL and lone surrogates, in texts at any depth."""
    if isinstance(value, str):
        return value if _clean(value) else _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, list):
        return [item if item is None or isinstance(item, int) else storable(item) for item in value]
    if isinstance(value, dict):
        return {key: storable(item) for key, item in value.items()}
    return value


def _clean(text: str) -> bool:
    if "\x00" in text:
        return False
    try:
        text.encode()  # an encoder meets half a pair sooner than an expression finds it
    except UnicodeEncodeError:
        return False
    return True
