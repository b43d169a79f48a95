"""How well do we read, and how fast? Ours beside plain trafilatura and newspaper4k, on the same pages in the same run.

    python -m tests.benchmarks.reading [--peers ours,trafilatura,newspaper] [--half a|b] [--errors N] [--by-source]

The pages, their truth and the scoring are those of ../shared/extraction-dev (score.py explains each metric). pg/s is pages
per second of processor time on one core, from the bytes as served to the finished answer, the best of `--rounds`.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import importlib.util
import io
import json
import logging
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.shared_data import shared

Answer = dict[str, Any]


def ours(body: bytes, url: str) -> Answer:
    """What `onrecord read` says."""
    from crawler.extraction import read

    article = read(body, url=url, content_type=None).article
    date = article.datePublished.value if article.datePublished else None
    return {"body": article.articleBody, "title": article.headline, "date": date, "author": "; ".join(article.authors)}


def trafilatura(body: bytes, url: str) -> Answer:
    """Plain trafilatura with metadata, as a first-time user calls it."""
    from trafilatura import bare_extraction

    document = bare_extraction(body, url=url, with_metadata=True)
    if document is None:
        return {}
    return {"body": document.text, "title": document.title, "date": document.date, "author": document.author}


def precision(body: bytes, url: str) -> Answer:
    """trafilatura's favor_precision without comments: the body we build on."""
    from trafilatura import bare_extraction

    document = bare_extraction(body, url=url, with_metadata=True, favor_precision=True, include_comments=False)
    if document is None:
        return {}
    return {"body": document.text, "title": document.title, "date": document.date, "author": document.author}


def newspaper(body: bytes, url: str) -> Answer:
    """newspaper4k."""
    import newspaper as newspaper4k

    article = newspaper4k.Article(url, fetch_images=False)  # else it asks the network for every image
    article.download(input_html=body.decode("utf-8", "replace"))
    article.parse()
    return {
        "body": article.text,
        "title": article.title,
        "date": str(article.publish_date or ""),
        "author": "; ".join(article.authors),
    }


PEERS: dict[str, Callable[[bytes, str], Answer]] = {
    "ours": ours,
    "trafilatura": trafilatura,
    "precision": precision,
    "newspaper": newspaper,
}


def pages(folder: Path, half: str | None) -> Iterator[tuple[dict[str, Any], bytes]]:
    """The benchmark's pages with their truth; `half` a or b keeps every other one, chosen by the name's checksum."""
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        for truth in map(json.loads, lines):
            if half and "ab"[zlib.crc32(truth["id"].encode()) % 2] != half:
                continue
            yield truth, gzip.decompress((folder / truth["file"]).read_bytes())


def answer(peer: Callable[[bytes, str], Answer], rows: list[tuple[dict[str, Any], bytes]], rounds: int) -> list[Answer]:
    """The peer's answers, preceded by its speed."""
    with contextlib.redirect_stderr(io.StringIO()):
        peer(rows[0][1], rows[0][0]["url"])  # imports and tables are paid once by a long-lived process
        best, answers = float("inf"), []
        for _ in range(rounds):
            answers = []
            started = time.process_time()
            for truth, body in rows:
                try:
                    found = peer(body, truth["url"])
                except Exception as error:  # noqa: BLE001 - a peer that fails on a page gave no answer
                    print(f"{peer.__name__}: {truth['id']}: {error!r}", file=sys.__stderr__)
                    found = {}
                answers.append({"id": truth["id"], **found})
            best = min(best, time.process_time() - started)
    return [{"_meta": {"pages_per_s": len(rows) / best}}, *answers]


def scorer(folder: Path) -> Any:
    """score.py of the benchmark, as a module."""
    spec = importlib.util.spec_from_file_location("extraction_score", folder / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measuring_data(benchmark: str, name: str) -> Path:
    """A folder of the shared data; where it is absent the benchmark ends with one line that says what to put where."""
    try:
        return shared(name)
    except pytest.skip.Exception as missing:
        sys.exit(f"{benchmark}: {missing.msg}; it holds the pages and their truth, which are no part of this repository")


def main(argv: list[str] | None = None) -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peers", default="ours,trafilatura,precision,newspaper")
    options.add_argument("--half", choices=["a", "b"])
    options.add_argument("--errors", type=int, default=0)
    options.add_argument("--by-source", action="store_true")
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--out", type=Path, default=Path("/tmp/onrecord-bench-reading"))
    chosen = options.parse_args(argv)
    logging.disable(logging.CRITICAL)
    folder = measuring_data("bench-reading", "extraction-dev")
    rows = list(pages(folder, chosen.half))
    chosen.out.mkdir(parents=True, exist_ok=True)
    truth = chosen.out / "truth.jsonl"
    truth.write_text("".join(json.dumps(line) + "\n" for line, _ in rows), encoding="utf-8")
    files = []
    for name in chosen.peers.split(","):
        files.append(chosen.out / f"{name}.jsonl")
        lines = answer(PEERS[name], rows, chosen.rounds)
        files[-1].write_text("".join(json.dumps(line, default=str) + "\n" for line in lines), encoding="utf-8")
    sys.argv = ["score.py", str(truth), *map(str, files), "--errors", str(chosen.errors)]
    sys.argv += ["--by-source"] if chosen.by_source else []
    scorer(folder).main()


if __name__ == "__main__":
    main()
