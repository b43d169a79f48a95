"""Portal files on disk: find, load and list them; every error names the key's path and its line."""

from __future__ import annotations

import difflib
import re
import tomllib
import types
import typing
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from archive.errors import NotFound, UsageError
from archive.workspace import Workspace
from crawler.portal import Portal

Location = tuple[str | int, ...]  # ("section", 1, "url")

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=(.*)$""")


def path_of(workspace: Workspace, portal_id: str) -> Path:
    """Where the file of a portal lives (or will). UsageError for an id that is no plain name."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", portal_id):
        raise UsageError(
            f"not a portal id: {portal_id!r}", hint="small letters, digits and hyphens: example-az", code="portal.id"
        )
    return workspace.portals / f"{portal_id}.toml"


def ids(workspace: Workspace) -> list[str]:
    """Ids of all portal files of the workspace, in alphabetical order."""
    return sorted(path.stem for path in workspace.portals.glob("*.toml"))


def id_of(workspace: Workspace, name: str) -> str:
    """The id a person means: an id, or an address on the portal's host. NotFound names the nearest there is."""
    known = ids(workspace)
    if name in known:
        return name
    if "." in name or "/" in name:
        portal = covering(workspace, name if "//" in name else f"https://{name}")
        if portal is not None:
            return portal.about.id
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}" if known else "onrecord add https://…"
    raise NotFound(f"no portal {name} in {workspace.root}", hint=hint, code="portal.unknown")


def covering(workspace: Workspace, url: str) -> Portal | None:
    """The portal whose hosts the address is on, if there is one; the home page's own before others."""
    portals = [load(path_of(workspace, name)) for name in ids(workspace)]
    homes = [portal for portal in portals if portal.about.home.rstrip("/") == url.rstrip("/")]
    return next((portal for portal in (*homes, *portals) if portal.covers(url)), None)


def find(workspace: Workspace, portal_id: str) -> Portal:
    """The portal of that id (or home page); NotFound names the nearest one there is."""
    portal_id = id_of(workspace, portal_id)
    path = path_of(workspace, portal_id)
    portal = load(path)
    if portal.about.id != portal_id:
        raise UsageError(
            f"{path}: portal.id is {portal.about.id!r}, but the file is named {path.name}",
            hint="give both the same name",
            code="portal.invalid",
        )
    return portal


def load(path: Path) -> Portal:
    """Read and validate a portal file."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}", code="portal.unreadable") from error
    return parse(text, str(path))


def parse(text: str, name: str = "portal file") -> Portal:
    """Validate the text of a portal file; UsageError "NAME:LINE: key.path: what is wrong", with the nearest known key."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        place = f"{name}:{line[1]}" if line else name
        raise UsageError(f"{place}: not TOML: {error}", code="portal.toml") from error
    try:
        return Portal.model_validate(data)
    except ValidationError as error:
        errors = sorted(error.errors(), key=lambda item: item["type"] != "extra_forbidden")  # a misspelt key is missing too
        problems = [_explain(name, text, dict(item)) for item in errors]
        more = f"; and {len(problems) - 1} more" if len(problems) > 1 else ""
        message, hint = problems[0]
        raise UsageError(message + more, hint=hint, code="portal.invalid") from error


def write(path: Path, text: str, *, drafted: str) -> None:
    """Put a portal file in place at once or not at all; `drafted` is kept, so that a refresh knows what was edited."""
    amend(_draft_of(path), drafted)
    amend(path, text)


def amend(path: Path, text: str) -> None:
    """Put a new text of a portal file in place at once or not at all; its draft stays, so that this counts as an edit."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def remove(path: Path) -> None:
    """Take a portal file and its draft away."""
    for target in (path, _draft_of(path)):
        target.unlink(missing_ok=True)


def merged(path: Path, drafted: str, day: date) -> tuple[str, str]:
    """The file with what a fresh draft of this day brings, hand edits kept, and the unified diff from the file as it is."""
    from crawler.portal_merge import merge

    load(path)  # a broken file is told before anything is merged into it
    mine = path.read_text(encoding="utf-8")
    base = _draft_of(path)
    new = merge(mine, base.read_text(encoding="utf-8") if base.is_file() else None, drafted, day)
    parse(new, f"{path} as refreshed")
    lines = difflib.unified_diff(mine.splitlines(True), new.splitlines(True), path.name, f"{path.name} (refreshed)", n=2)
    return new, "".join(lines)


def _draft_of(path: Path) -> Path:
    return path.parent / ".drafts" / path.name


def _explain(name: str, text: str, problem: dict[str, Any]) -> tuple[str, str | None]:
    location: Location = problem["loc"]
    line = line_of(text, location)
    place = f"{name}:{line}" if line else name
    dotted = dotted_path(location)
    if problem["type"] == "extra_forbidden":
        known = _known_keys(Portal, location[:-1])
        near = difflib.get_close_matches(str(location[-1]), known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
        return f"{place}: unknown key {dotted}", hint
    if problem["type"] == "missing":
        return f"{place}: {dotted} is missing", None
    return f"{place}: {dotted}: {str(problem['msg']).removeprefix('Value error, ')}", None


def dotted_path(location: Location) -> str:
    """("section", 1, "url") as "section[1].url"; the file itself is "portal file"."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return text.lstrip(".") or "portal file"


def line_of(text: str, location: Location) -> int | None:
    """The line (1 first) where a key stands, or the nearest table around it; None when nothing of it is in the text."""
    best, best_length = None, 0
    for number, where in _places(text):
        length = next((n for n, (ours, theirs) in enumerate(zip(where, location, strict=False)) if ours != theirs), None)
        shared = min(len(where), len(location)) if length is None else length
        if shared == len(where) and shared > best_length:
            best, best_length = number, shared
    return best


def _places(text: str) -> typing.Iterator[tuple[int, Location]]:
    table: Location = ()
    counts: dict[Location, int] = {}
    quote: str | None = None  # the mark of the multi-line string we are in
    for number, line in enumerate(text.splitlines(), 1):
        if quote is not None:
            quote = None if quote in line else quote
            continue
        if header := _HEADER.match(line):
            parts = _keys(header[2])
            table = _resolve(parts[:-1], counts)
            full = (*table, parts[-1])
            if header[1] == "[[":
                counts[full] = counts.get(full, -1) + 1
                full = (*full, counts[full])
            table = full
            yield number, table
        elif key := _KEY.match(line):
            yield number, (*table, *_keys(key[1]))
            quote = next((mark for mark in ("'''", '"""') if key[2].count(mark) == 1), None)


def _resolve(parts: list[str], counts: dict[Location, int]) -> Location:
    """A header's outer names with the index of the newest table of each array among them."""
    where: Location = ()
    for part in parts:
        where = (*where, part)
        if where in counts:
            where = (*where, counts[where])
    return where


def _keys(dotted: str) -> list[str]:
    return [piece.strip().strip("\"'") for piece in re.findall(r"""[\w-]+|"[^"]*"|'[^']*'""", dotted)]


def _known_keys(model: type[BaseModel], location: Location) -> list[str]:
    for part in location:
        if isinstance(part, str) and (found := _submodel(model, part)) is not None:
            model = found
    return [field.alias or name for name, field in model.model_fields.items()]


def _submodel(model: type[BaseModel], key: str) -> type[BaseModel] | None:
    for name, field in model.model_fields.items():
        if key in {field.alias, name}:
            return _model_in(field.annotation)
    return None


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The table a field holds, through Optional, unions and tuple[..., ...]."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in typing.get_args(annotation) if (found := _model_in(part)) is not None), None)
