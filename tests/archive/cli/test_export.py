from __future__ import annotations

import csv
import json
import os
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from yaml import safe_load

from archive.export.columns import NAMES
from archive.export.folder import file_name
from tests.archive.cli.conftest import PATHS
from tests.archive.story import HOME

Run = Callable[..., Result]


def exported(run: Run, path: Path, *words: str) -> dict[str, Any]:
    result = run("export", "-o", str(path), *words, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def git(folder: Path, *words: str) -> str:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(["git", "-C", folder, *words], check=True, capture_output=True, text=True, env=plain).stdout


def test_json_lines_hold_what_show_prints(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    assert exported(run, path)["count"] == 5
    rows = {row["url"]: row for row in map(json.loads, path.read_text().splitlines())}
    edited = rows[HOME + PATHS["edited"]]
    assert edited == json.loads(run("show", edited["page"], "--json").stdout)


def test_every_version_can_be_taken_out(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    exported(run, path, "--all-versions")
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    versions = [row["version"] for row in rows if row["url"] == HOME + PATHS["edited"]]
    assert versions == [1, 2, 3]
    first = next(row for row in rows if row["url"] == HOME + PATHS["edited"])
    assert first["headline"] == "47 member states agree"


@pytest.mark.parametrize(
    ("words", "count"), [(("--state", "gone"), 1), (("--lang", "ru"), 0), (("--section", "News", "--state", "live"), 3)]
)
def test_a_selection_can_be_taken_out(run: Run, tmp_path: Path, words: tuple[str, ...], count: int) -> None:
    assert exported(run, tmp_path / "a.csv", *words)["count"] == count


def test_csv_neutralises_formulas_and_reads_back(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    exported(run, path, "--excel")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == NAMES
    assert [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))] == []
    assert json.loads(next(row["links"] for row in rows if row["links"] != "[]"))[0]["kind"] == "related"


def test_parquet_opens_in_duckdb_with_types_and_a_schema_beside_it(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    assert exported(run, path, "--all-versions")["files"] == [str(path), str(tmp_path / "a.schema.json")]
    found = duckdb.sql(f"select count(*), max(version), sum(len(links)) from '{path}'").fetchall()
    assert found == [(8, 3, 7)]
    described = dict(duckdb.sql(f"select column_name, column_type from (describe select * from '{path}')").fetchall())
    assert described["captured_at"] == "TIMESTAMP WITH TIME ZONE"
    assert described["authors"] == "VARCHAR[]"
    schema = json.loads((tmp_path / "a.schema.json").read_text())
    assert [field["name"] for field in schema["fields"]] == list(NAMES) == list(described)


def test_markdown_is_a_file_a_page_with_front_matter(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "a.md"
    assert exported(run, folder)["count"] == 5
    files = list(folder.rglob("*.md"))
    assert len(files) == 5
    front = {safe_load(file.read_text().split("---\n")[1])["url"]: file for file in files}
    assert front[HOME + PATHS["edited"]].name.startswith("news-1-")
    exported(run, folder, "--all-versions")
    assert len(list(folder.rglob("*@*.md"))) == 8


def test_git_tells_the_story_commit_by_commit(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "a.git"
    count = exported(run, folder)["count"]
    subjects = git(folder, "log", "--reverse", "--format=%s").splitlines()
    assert len(subjects) == count
    kinds = [subject.split(": ")[0] for subject in subjects]
    assert kinds[:5] == ["new"] * 5
    assert sorted(kinds[5:]) == ["edited", "edited", "gone", "moved"]
    names = git(folder, "ls-tree", "-r", "--name-only", "main").splitlines()
    assert not any("news-3-" in name or "news-2-" in name for name in names), "gone and moved on"
    assert any("news-2b-" in name for name in names)
    (file,) = (name for name in names if "news-1-" in name)
    patch = git(folder, "log", "-p", "--format=%an %ad", "--date=iso-strict", "--", file)
    assert "-47 member states agree" not in patch.split("+# 47")[1]
    assert "-# 47 member states agree\n+# 46 member states agree" in patch
    assert "Example 2026-03-02T12:00:0" in patch, "the author is the portal, the date the capture's, in the portal's zone"
    blamed = git(folder, "blame", "-s", "main", "--", file).splitlines()
    assert len({line.split()[0] for line in blamed}) == 3
    assert git(folder, "fsck", "--strict") == ""


def test_a_later_git_export_continues_an_earlier_one(run: Run, tmp_path: Path) -> None:
    exported(run, tmp_path / "a.git")
    exported(run, tmp_path / "b.git", "--portal", "example-az")
    assert git(tmp_path / "a.git", "rev-parse", "main") == git(tmp_path / "b.git", "rev-parse", "main")


def test_the_captures_can_be_taken_out_as_warc_and_wacz(run: Run, tmp_path: Path) -> None:
    exported(run, tmp_path / "a.warc.gz", "--state", "gone")
    with (tmp_path / "a.warc.gz").open("rb") as file:
        types = [(record.rec_type, record.rec_headers.get_header("WARC-Target-URI")) for record in ArchiveIterator(file)]
    assert ("response", HOME + PATHS["gone"]) in types
    assert not any(uri == HOME + PATHS["edited"] for _, uri in types)
    exported(run, tmp_path / "a.wacz")
    with zipfile.ZipFile(tmp_path / "a.wacz") as package:
        assert "datapackage.json" in package.namelist()


def test_nothing_is_replaced_unasked(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("mine")
    result = run("export", "-o", str(path))
    assert (result.exit_code, path.read_text()) == (2, "mine")
    assert "--force replaces it" in result.stderr
    exported(run, path, "--force")
    assert path.read_text() != "mine"


@pytest.mark.parametrize("name", ["a", "a.xlsx", "a.json"])
def test_an_unknown_ending_is_answered_with_the_known(run: Run, tmp_path: Path, name: str) -> None:
    result = run("export", "-o", str(tmp_path / name))
    assert result.exit_code == 2
    assert ".parquet" in result.stderr


def test_a_failed_export_leaves_nothing_behind(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("archive.export.tables.jsonl", fails)
    assert run("export", "-o", str(tmp_path / "a.jsonl")).exit_code == 1
    assert list(tmp_path.iterdir()) == []


@given(st.text(max_size=300), st.text(max_size=20))
def test_no_address_leads_out_of_the_folder(path: str, portal: str) -> None:
    name = file_name(portal, "a1f3c9a1f3c9a1f3", f"https://x/{path}", 3)
    assert name.count("/") == 1
    assert not {"..", "."} & set(name.split("/"))
    assert len(name.split("/")[1].encode()) < 200
    assert name.endswith("-a1f3c9a1f3c9a1f3@3.md")


def test_a_hostile_headline_is_one_harmless_line_of_a_commit(run: Run, tmp_path: Path) -> None:
    count = exported(run, tmp_path / "a.git")["count"]
    subjects = git(tmp_path / "a.git", "log", "--format=%s").splitlines()
    assert len(subjects) == count
    assert any("pwned" in subject for subject in subjects)
    assert not {"\x1b", "\x07", "\u202e"} & set("".join(subjects))
