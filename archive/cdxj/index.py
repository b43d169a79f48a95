"""The index of the evidence: sorted CDXJ segments, merged as they grow, never appended to (an unsorted line is lost).

Each file in the folder is a valid CDXJ of its own, so outside tools take the folder as it is. The index is derived: it
can be deleted, and `catch_up` makes it again from the WARC files.
"""

from __future__ import annotations

import contextlib
import heapq
import json
import mmap
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from archive.cdxj.lines import Entry, line_of, parse
from archive.surt import surt
from archive.warc.reader import iter_records

FOLDER = "index"
_STATE = "state.json"


class Index:
    """The CDXJ index beside the WARC files in `evidence`."""

    def __init__(self, evidence: Path) -> None:
        self.evidence = evidence
        self.folder = evidence / FOLDER

    def add(self, lines: Iterable[str], indexed: Mapping[str, int]) -> None:
        """Take up new lines; `indexed`: up to which byte each WARC file is covered by then."""
        fresh = sorted({text.rstrip("\n") for text in lines}, key=str.encode)
        self.folder.mkdir(parents=True, exist_ok=True)
        if fresh:
            segments = self.segments()
            number = int(segments[-1].stem) + 1 if segments else 1
            _write(self.folder / f"{number:08d}.cdxj", fresh)
            self._compact()
        _replace(self.folder / _STATE, json.dumps({**self.indexed(), **indexed}, sort_keys=True))

    def catch_up(self, acknowledged: Mapping[str, int]) -> int:
        """Index what the WARC files hold up to their acknowledged bytes and the index does not; how many lines came."""
        done = self.indexed()
        if any(done[name] > acknowledged.get(name, 0) for name in done):  # cut back or gone: begin anew
            self.clear()
            done = {}
        lines: list[str] = []
        for name, size in sorted(acknowledged.items()):
            start = done.get(name, 0)
            if start < size:
                records = iter_records(self.evidence / name, start, size)
                lines += [text for record in records if (text := line_of(record)) is not None]
        if lines or dict(acknowledged) != done:
            self.add(lines, acknowledged)
        return len(lines)

    def indexed(self) -> dict[str, int]:
        """Up to which byte each WARC file is covered."""
        try:
            state = json.loads((self.folder / _STATE).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return {str(name): int(size) for name, size in state.items()}

    def clear(self) -> None:
        """Forget everything; `catch_up` makes it again."""
        for path in [*self.segments(), self.folder / _STATE]:
            path.unlink(missing_ok=True)

    def segments(self) -> list[Path]:
        """The CDXJ files, oldest first."""
        return sorted(self.folder.glob("[0-9]*.cdxj"))

    def lines(self) -> Iterator[str]:
        """All lines in order, each once."""
        with contextlib.ExitStack() as stack:
            files = [stack.enter_context(path.open(encoding="utf-8")) for path in self.segments()]
            yield from (text.rstrip("\n") for text in _once(heapq.merge(*files, key=str.encode)))

    def lookup(self, url: str, *, prefix: bool = False) -> Iterator[Entry]:
        """Entries of a URL in order of time; with `prefix`, of every URL whose urlkey begins with this one's."""
        key = surt(url) if "://" in url or url.startswith("urn:") else url
        wanted = (key if prefix else f"{key} ").encode()
        found = heapq.merge(*(_range(path, wanted) for path in self.segments()), key=str.encode)
        return (parse(text) for text in _once(found))

    def _compact(self) -> None:
        """Keep sizes falling by halves from old to new: few files, and each line is rewritten O(log n) times."""
        segments = self.segments()
        while len(segments) > 1 and segments[-1].stat().st_size * 2 >= segments[-2].stat().st_size:
            older, newer = segments[-2:]
            with older.open(encoding="utf-8") as one, newer.open(encoding="utf-8") as two:
                _write(older, (text.rstrip("\n") for text in _once(heapq.merge(one, two, key=str.encode))))
            newer.unlink()
            segments.pop()


def merge(path: Path, lines: Iterable[str]) -> None:
    """Merge lines into one sorted CDXJ file (made when missing), each line once, replaced as a whole."""
    fresh = sorted(f"{text.rstrip(chr(10))}\n" for text in lines)
    fresh.sort(key=str.encode)
    with contextlib.ExitStack() as stack:
        old: Iterable[str] = stack.enter_context(path.open(encoding="utf-8")) if path.exists() else ()
        _write(path, (text.rstrip("\n") for text in _once(heapq.merge(old, fresh, key=str.encode))))


def _once(lines: Iterable[str]) -> Iterator[str]:
    last = None
    for text in lines:
        if text != last:
            yield text
        last = text


def _write(path: Path, lines: Iterable[str]) -> None:
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{text}\n" for text in lines)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _replace(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _range(path: Path, wanted: bytes) -> Iterator[str]:
    """Lines of a sorted file that begin with `wanted`, found by halving."""
    if path.stat().st_size == 0:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        low, high = 0, len(data)
        while low < high:  # low is always the start of a line
            middle = data.rfind(b"\n", low, (low + high) // 2) + 1 or low
            if middle < low:
                middle = low
            end = data.find(b"\n", middle)
            end = len(data) if end < 0 else end
            if data[middle:end] < wanted:
                low = min(end + 1, len(data))
            else:
                high = middle
        while low < len(data):
            end = data.find(b"\n", low)
            end = len(data) if end < 0 else end
            text = data[low:end]
            if not text.startswith(wanted):
                return
            yield text.decode("utf-8")
            low = end + 1
