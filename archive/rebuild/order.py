"""Runs as the evidence tells them, and the order in which they are told again."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from archive.rebuild.source import Source
from archive.records import Locator
from archive.testimony import first_of, load
from archive.warc import Written, read_record

Step = tuple[str, str, str, Locator | None]  # when, run, what, which record


@dataclass
class ToldRun:
    """A run as the evidence tells it."""

    uid: str
    began: dict[str, Any]
    files: list[str] = field(default_factory=list)
    portal: Written | None = None
    visits: list[Locator] = field(default_factory=list)  # places of `visits` records, in order
    ended: dict[str, Any] | None = None


def runs_of(source: Source, notices: list[str]) -> list[ToldRun]:
    """Every run that the files tell of; what belongs to none is told in `notices`."""
    runs: dict[str, ToldRun] = {}
    for name in source.files():
        current: ToldRun | None = None
        portal: Written | None = None
        for kind, identity, place in source.told[name]:
            if kind == "portal":
                portal = Written(place, read_record(source.folder, place).uri)
            elif kind == "run":
                current = runs[identity] = ToldRun(identity, load(read_record(source.folder, place).block), portal=portal)
            elif kind == "run-end" and identity in runs:
                runs[identity].ended = load(read_record(source.folder, place).block)
                current = runs[identity]
            elif kind == "visits":
                first = first_of(read_record(source.folder, place).block)
                if first is not None and first[0] in runs:
                    current = runs[first[0]]
                    current.visits.append(place)
            if current is not None and name not in current.files:
                current.files.append(name)
        if current is None and not any(kind == "decision" for kind, _, _ in source.told[name]):
            notices.append(f"{name}: no run tells of itself here; onrecord import takes up foreign files")
    return list(runs.values())


def in_order(source: Source, runs: list[ToldRun]) -> Iterator[Step]:
    """Every step of every run by the time of what it saw, so that an import of older captures comes before younger ones.

    Crawls and re-extractions of a portal came one after another and stay so; an import or a backfill goes where its captures
    belong.
    """
    crawls: dict[str, list[Step]] = {}
    past: list[list[Step]] = []
    for run in sorted(runs, key=lambda item: (item.began["started_at"], item.uid)):
        began = str(run.began["started_at"])
        steps: list[Step] = [(began, run.uid, "begin", None)]
        for place in run.visits:
            told = first_of(read_record(source.folder, place).block)
            steps.append((told[1] if told else "", run.uid, "visits", place))
        steps.append((str(run.ended["at"]) if run.ended else "", run.uid, "end", None))
        if run.began["kind"] in ("crawl", "reextract"):
            crawls.setdefault(run.began["portal"]["slug"], []).extend(steps)
        else:
            first = min(step[0] for step in steps[:2])
            past.append([(first, run.uid, "begin", None), *steps[1:-1], ("", run.uid, "end", None)])
    yield from heapq.merge(*map(_rising, [*crawls.values(), *past]), key=lambda step: step[0])


def _rising(steps: list[Step]) -> Iterator[Step]:
    """Steps in their own order, none earlier than the one before."""
    last = ""
    for when, uid, what, place in steps:
        last = max(last, when)
        yield last, uid, what, place
