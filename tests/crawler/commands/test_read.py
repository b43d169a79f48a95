"""`onrecord read`: a line a page, in the order asked, a warning where a page cannot be read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from click.testing import CliRunner

from crawler.commands.read import read

PAGE = (
    b"<html lang=en><head><title>A headline of some length</title></head>"
    b"<body><h1>A headline of some length</h1><p>%s</p></body></html>"
)
WORDS = b"The committee agreed on the programme after a discussion that lasted three hours and heard eleven speakers. " * 3
KEYS = {"id", "body", "title", "date", "date_source", "author", "lang", "links", "warnings"}


def test_a_manifest_is_read_in_order_by_workers_and_a_missing_file_is_a_warning(tmp_path: Path) -> None:
    lines = []
    for number in range(12):
        file = f"{number}.html.gz"
        if number != 5:
            (tmp_path / file).write_bytes(gzip.compress(PAGE % (b"Number %d. " % number + WORDS)))
        lines.append({"id": str(number), "file": file, "url": f"http://portal.example/2020/01/0{number % 9 + 1}/x"})
    manifest, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    manifest.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    result = CliRunner().invoke(read, ["--manifest", str(manifest), "-o", str(out), "--workers", "2"], catch_exceptions=False)
    assert result.exit_code == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == [str(number) for number in range(12)]
    assert all(row.keys() >= KEYS for row in rows)
    assert rows[3]["body"].startswith("Number 3.")
    assert (rows[3]["date"], rows[3]["date_source"]) == ("2020-01-04", "url")
    assert rows[5]["body"] is None
    assert "no file" in rows[5]["warnings"][0]


def test_a_single_file_goes_to_stdout(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE % WORDS)
    result = CliRunner().invoke(read, [str(tmp_path / "a.html"), "--url", "http://portal.example/a"], catch_exceptions=False)
    row = json.loads(result.output)
    assert (row["title"], row["url"], row["kind"]) == ("A headline of some length", "http://portal.example/a", "page")


def test_a_broken_manifest_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": "1"}\n', encoding="utf-8")
    result = CliRunner().invoke(read, ["--manifest", str(tmp_path / "in.jsonl")])
    assert result.exit_code != 0
    assert "in.jsonl:1" in str(result.exception)
