"""The archive as a git repository: a file a page, a commit a change, dated when it was seen.

`git log -p -- FILE` is then a page's history and `git blame` names the change behind each line. The same record always
gives the same commits, so a later export continues an earlier one and can be pulled.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

from archive.errors import OnrecordError
from archive.export.folder import file_name
from archive.export.markdown import document
from archive.output.safe import one_line
from archive.output.times import localised, moment

_BRANCH = "refs/heads/main"
_UNFIT = re.compile(r"[<>\x00-\x1f]")  # what would end a name in a commit
# What later visits add is no part of the text, and what only this version has stands in the commit: the diff is the edit.
_NOT_TEXT = ("last_seen", "state", "sections", "version", "first_seen", "evidence")


def git_repository(
    texts: Iterable[Mapping[str, Any]], changes: Sequence[Mapping[str, Any]], names: Mapping[str, str], folder: Path
) -> int:
    """Make a bare repository in a new folder out of every text and every change (oldest first); returns the commits.

    `names`: portal id -> its name, which stands as the author: who edited is the publisher, as far as anybody knows.
    """
    _git("init", "--quiet", "--bare", "--initial-branch=main", str(folder))
    command = ["git", "-C", str(folder), "fast-import", "--quiet", "--done", "--date-format=raw"]
    try:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=_environ()) as importer:  # noqa: S603
            if importer.stdin is None or importer.stderr is None:
                raise RuntimeError("git without a standard input")
            marks = _write_texts(importer.stdin, texts)
            commits = _write_commits(importer.stdin, changes, marks, names)
            importer.stdin.write(b"done\n")
            importer.stdin.close()
            said = importer.stderr.read().decode("utf-8", "replace")
    except BrokenPipeError as error:
        raise OnrecordError("git stopped in the middle of the export", code="export.git") from error
    if importer.returncode:
        raise OnrecordError(
            f"git fast-import failed: {(said.strip().splitlines() or ['no reason given'])[0]}", code="export.git"
        )
    return commits


class _Text(NamedTuple):
    """A blob's mark, and the sha256 of the payload it was read from."""

    mark: int
    sha256: str | None


def _write_texts(out: IO[bytes], texts: Iterable[Mapping[str, Any]]) -> dict[tuple[str, int], _Text]:
    """Every text as a blob, by page and version."""
    marks: dict[tuple[str, int], _Text] = {}
    for mark, row in enumerate(texts, 1):
        lasting = {name: value for name, value in row.items() if name not in _NOT_TEXT}
        data = document(localised(lasting, None)).encode("utf-8", "replace")
        out.write(b"blob\nmark :%d\ndata %d\n%s\n" % (mark, len(data), data))
        marks[row["page"], row["version"]] = _Text(mark, (row["evidence"] or {}).get("sha256"))
    return marks


def _write_commits(
    out: IO[bytes],
    changes: Sequence[Mapping[str, Any]],
    texts: Mapping[tuple[str, int], _Text],
    names: Mapping[str, str],
) -> int:
    files: dict[str, str] = {}  # address -> the file that shows it
    count = 0
    for change in changes:
        text = texts.get((change["page"], change["to"])) if change["to"] is not None else None
        steps = list(_steps(change, text, files))
        if not steps:
            continue
        count += 1
        at = change["detected_at"]
        name = _UNFIT.sub(" ", names.get(change["portal"], change["portal"])).strip() or "unknown"
        who = f"{name} <{change['portal']}@onrecord.invalid> {_raw(at)}"
        message = _message(change, text).encode("utf-8", "replace")
        head = f"commit {_BRANCH}\nauthor {who}\ncommitter onrecord <onrecord@onrecord.invalid> {_raw(at)}\n"
        out.write(head.encode("utf-8", "replace") + b"data %d\n%s\n" % (len(message), message))
        out.write("".join(f"{step}\n" for step in steps).encode("utf-8", "replace"))
    return count


def _steps(change: Mapping[str, Any], text: _Text | None, files: dict[str, str]) -> Iterable[str]:
    path = file_name(change["portal"], change["page"], change["url"])
    before = files.pop(change["from_url"], None) if change["from_url"] else None
    if before is not None and before != path:
        yield f"D {before}"
    if change["kind"] == "gone":
        if files.pop(change["url"], None) is not None:
            yield f"D {path}"
    elif text is not None:
        files[change["url"]] = path
        yield f"M 100644 :{text.mark} {path}"


def _message(change: Mapping[str, Any], text: _Text | None) -> str:
    title = one_line(change["headline"] or change["url"])
    words = (
        f"+{change['words_added']} -{change['words_removed']} words" if change["words_added"] or change["words_removed"] else ""
    )
    what = " · ".join(filter(None, [", ".join(change["fields"]), words, change["why"]]))
    lines = [f"{change['kind']}: {title}", "", *([what, ""] if what else [])]
    facts = {
        "Page": change["url"],
        "Moved-From": change["from_url"],
        "Version": f"{change['page']}@{change['to']}" if change["to"] is not None else None,
        "Seen": moment(change["detected_at"]),
        "Not-Before": moment(change["not_before"]),
        "Sha256": text.sha256 if text is not None else None,
        "Muted": "yes" if change["muted"] else None,
    }
    return "\n".join([*lines, *(f"{name}: {value}" for name, value in facts.items() if value), ""])


def _raw(at: datetime) -> str:
    offset = at.utcoffset()
    minutes = round(offset.total_seconds() / 60) if offset else 0
    sign = "-" if minutes < 0 else "+"
    return f"{int(at.timestamp())} {sign}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"


def _environ() -> dict[str, str]:
    """Nobody's own git settings change what is written."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def _git(*words: str) -> None:
    try:
        subprocess.run(["git", *words], check=True, capture_output=True, env=_environ())  # noqa: S603, S607 - git on the PATH
    except FileNotFoundError as error:
        raise OnrecordError("this export needs git", hint="install git", code="export.git") from error
    except subprocess.CalledProcessError as error:
        raise OnrecordError(f"git failed: {error.stderr.decode('utf-8', 'replace').strip()}", code="export.git") from error
