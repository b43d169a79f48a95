"""What a person or a program asks of an archive, and the JSON that outside checks read (docs/reference/json.md)."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from tests.archive.cli.conftest import HOSTILE, PATHS, is_instant
from tests.archive.story import HOME
from tests.shared_data import ROOT

Run = Callable[..., Result]


def asked(run: Run, *words: str) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def page(run: Run, name: str) -> str:
    return next(row["page"] for row in asked(run, "list") if row["url"] == HOME + PATHS[name])


def test_list_has_every_article_once(run: Run) -> None:
    rows = asked(run, "list")
    assert {row["url"] for row in rows} == {HOME + path for path in PATHS.values()}
    assert all(is_instant(row["first_seen"]) and row["first_seen"].endswith("+04:00") for row in rows)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("--state", "gone"), {"gone"}),
        (("--state", "suspected,gone"), {"gone", "suspected"}),
        (("--lang", "ru"), set()),
        (("--section", "news", "--state", "live"), {"edited", "hostile", "moved"}),
        (("--portal", "example-az", "--state", "suspected"), {"suspected"}),
    ],
)
def test_list_filters(run: Run, words: tuple[str, ...], names: set[str]) -> None:
    assert {row["url"].removeprefix(HOME) for row in asked(run, "list", *words)} == {PATHS[name] for name in names}


def test_show_tells_one_version(run: Run) -> None:
    row = asked(run, "show", page(run, "edited") + "@1")
    assert row["headline"] == "47 member states agree"
    assert row["articleBody"].count("\n\n") == 2
    assert set(row["links"][0]) >= {"kind", "url", "title", "outlet", "date", "lang"}
    assert {"warc", "offset", "length", "sha256", "captured_at"} <= set(row["evidence"])


def test_show_takes_ids_addresses_versions_and_dates(run: Run) -> None:
    key = page(run, "edited")
    for ref in (key[:6] + "@1", f"{HOME}/news/1@1", key + "@first", key + "@{2026-03-01}"):
        assert asked(run, "show", ref)["headline"] == "47 member states agree", ref
    for ref in (key, key + "@last", key + "@{2027-01-01}", f"{HOME}/news/1"):
        assert asked(run, "show", ref)["version"] == 3, ref


def test_show_gives_the_bytes_and_headers_of_the_evidence(run: Run) -> None:
    key = page(run, "edited")
    raw = run("show", key + "@1", "--raw")
    assert raw.stdout_bytes.startswith(b"<html><h1>47 member states agree</h1>")
    assert "Content-Type: text/html; charset=utf-8" in run("show", key, "--headers").stdout
    assert asked(run, "show", key, "--headers")["status"] == 200


def test_show_text_is_the_body_alone_and_md_a_document(run: Run) -> None:
    key = page(run, "edited")
    assert run("show", key + "@1", "--text").stdout.startswith("Baku, 1 March 2026 – The minister said")
    for words in (("--md",), ("--format", "md")):
        assert run("show", key, *words).stdout.startswith('---\nheadline: "46 member states agree"\n')


def test_log_is_oldest_first_with_the_interval_of_each_change(run: Run) -> None:
    rows = asked(run, "log", page(run, "edited"))
    assert [row["version"] for row in rows] == [1, 2, 3]
    assert [row["kind"] for row in rows] == ["new", "edited", "edited"]
    assert rows[1]["not_before"] <= rows[1]["seen_at"]
    assert (rows[1]["words_added"], rows[1]["words_removed"]) == (2, 2)


def test_history_is_another_name_of_log(run: Run) -> None:
    key = page(run, "edited")
    assert asked(run, "history", key) == asked(run, "log", key)


def test_log_all_tells_every_visit(run: Run) -> None:
    assert [row["outcome"] for row in asked(run, "log", page(run, "gone"), "--all")] == ["content", "gone", "gone"]


def test_diff_has_the_documented_form_and_replays(run: Run) -> None:
    row = asked(run, "diff", page(run, "edited"), "1..2")
    assert row["schema"] == "onrecord.diff/1"
    assert (row["from"]["n"], row["to"]["n"]) == (1, 2)
    assert row["fields"] == ["headline", "body"]
    assert row["words"] == {"added": 2, "removed": 2}
    (headline,) = (block for block in row["blocks"] if block["field"] == "headline")
    assert "".join(op[-1] for op in headline["ops"] if op[0] in ("=", "-")) == "47 member states agree"
    assert "".join(op[-1] for op in headline["ops"] if op[0] in ("=", "+")) == "46 member states agree"


@pytest.mark.parametrize("words", [("1..3",), ("@1..@3",), ("first..last",), ("{2026-03-01}..last",)])
def test_diff_compares_any_two_versions(run: Run, words: tuple[str, ...]) -> None:
    row = asked(run, "diff", page(run, "edited"), *words)
    assert (row["from"]["n"], row["to"]["n"]) == (1, 3)


def test_diff_without_versions_is_the_last_change(run: Run) -> None:
    row = asked(run, "diff", page(run, "edited"))
    assert (row["from"]["n"], row["to"]["n"]) == (2, 3)


def test_diff_marks_what_went_and_what_came(run: Run) -> None:
    shown = run("diff", page(run, "edited"), "1..2").stdout
    assert "headline  [-47-]{+46+} member states agree" in shown
    assert "body ¶1  … 2026 – The minister said that [-47-]{+46+} member states agreed" in shown.replace("Baku, 1 March ", "… ")


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("--line", "-47 member states agree\n+46 member states agree"),
        ("--raw", "+<html><h1>46 member states agree</h1>"),
        ("--side-by-side", "47 member states agree"),
        ("--removed", "headline  47"),
        ("--meta", "headline  [-47-]{+46+}"),
    ],
)
def test_diff_has_views(run: Run, view: str, expected: str) -> None:
    assert expected in run("diff", page(run, "edited"), "1..2", view).stdout


@pytest.mark.parametrize("words", [("diff", "1..2", "--side-by-side"), ("blame",)])
def test_a_pipe_gets_no_lines_filled_up_with_blanks(run: Run, words: tuple[str, ...]) -> None:
    lines = run(words[0], page(run, "edited"), *words[1:]).stdout.splitlines()
    assert max(map(len, lines)) <= 170
    assert words[0] == "diff" or not any(line.endswith("  ") for line in lines)


def test_diff_shows_only_links_where_asked(run: Run) -> None:
    row = asked(run, "diff", page(run, "edited"), "2..3", "--links")
    assert row["fields"] == ["links", "blocks"]
    assert {block["field"] for block in row["blocks"]} == {"links", "blocks"}


def test_diff_cuts_long_kept_text_only_on_screens(run: Run) -> None:
    key = page(run, "edited")
    assert "…" in run("diff", key, "1..2", "--context", "2").stdout.split("sha256")[0]
    assert "…" not in run("diff", key, "1..2", "--full").stdout.split("sha256")[0]
    assert "…" not in json.dumps(asked(run, "diff", key, "1..2")["blocks"], ensure_ascii=False)


def test_findings_end_with_6_only_where_asked(run: Run) -> None:
    key = page(run, "edited")
    assert run("diff", key, "1..2").exit_code == 0
    assert run("diff", key, "1..2", "--exit-code").exit_code == 6
    assert run("diff", key, "1..1", "--exit-code").exit_code == 0
    assert run("search", "minister", "--exit-code").exit_code == 6
    assert run("search", "nosuchword", "--exit-code").exit_code == 0


def test_changes_are_told_newest_first(run: Run) -> None:
    rows = asked(run, "changes")
    assert [row["detected_at"] for row in rows] == sorted((row["detected_at"] for row in rows), reverse=True)
    assert {row["kind"] for row in rows} == {"new", "edited", "moved", "gone"}


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (("--kind", "gone"), {"gone"}),
        (("--kind", "edited,moved"), {"edited", "moved"}),
        (("--fields", "headline"), {"edited"}),
        (("--min-words", "3"), {"edited"}),
        (("--until", "2026-03-01"), {"new"}),
        (("--since", "2026-03-02", "--until", "2026-03-02", "--kind", "new"), set()),
        (("--since", "1d"), set()),
    ],
)
def test_changes_filter(run: Run, words: tuple[str, ...], kinds: set[str]) -> None:
    assert {row["kind"] for row in asked(run, "changes", *words)} == kinds


def test_changes_with_a_patch_show_the_words(run: Run) -> None:
    assert "[-47-]{+46+}" in run("changes", "--kind", "edited", "-p", "--format", "table").stdout
    assert asked(run, "changes", "-p", "--kind", "edited")[0]["blocks"]


def test_changes_since_last_tell_each_change_once(run: Run, folder: Any) -> None:
    try:
        assert asked(run, "changes", "--since", "last")
        assert asked(run, "changes", "--since", "last") == []
        assert asked(run, "changes"), "asking otherwise neither reads nor moves the mark"
    finally:
        (folder / ".looked").unlink()


def test_gone_tells_suspected_from_confirmed(run: Run) -> None:
    rows = {row["url"].removeprefix(HOME): row for row in asked(run, "gone")}
    assert rows[PATHS["gone"]]["state"] == "gone"
    assert rows[PATHS["gone"]]["last_status"] == 410
    assert rows[PATHS["suspected"]]["state"] == "suspected"
    assert asked(run, "show", rows[PATHS["gone"]]["last_good"])["headline"] == "Hazelnuts"


def test_search_says_when_older_texts_were_not_looked_at(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "were looked at" not in run("search", "states").stderr
    monkeypatch.setattr("archive.search.finding.CANDIDATES", 1)
    told = run("search", "states", "--json")
    assert "only the newest" in told.stderr
    assert json.loads(told.stdout)


def test_search_for_what_is_gone_says_where_a_page_may_be(run: Run) -> None:
    suspected = [row for row in asked(run, "list") if row["state"] == "suspected"]
    assert suspected, "the story has a page that was seen missing once"
    words = f'"{suspected[0]["headline"]}"'
    assert suspected[0]["page"] not in [hit["page"] for hit in asked(run, "search", words, "--gone")]
    assert "--status suspected" in run("search", words, "--gone").stderr
    assert "--status suspected" not in run("search", "nosuchword", "--gone").stderr
    assert "--status suspected" not in run("search", words).stderr


def test_search_finds_words_of_versions_that_are_gone(run: Run) -> None:
    (hit,) = asked(run, "search", "47 states", "--gone")
    assert (hit["versions"], hit["gone"]) == ([1], True)
    assert "in 1 of 3 versions: text since removed" in run("search", "47 states", "--format", "table").stdout


@pytest.mark.parametrize("query", ['"', "(((", "NEAR(", "' OR 1=1 --", "*", "a:b", "-", '"a" AND', "%", "\x00", "x" * 5000])
def test_no_query_is_an_error(run: Run, query: str) -> None:
    assert run("search", "--", query).exit_code == 0


def test_links_go_out_and_come_in(run: Run) -> None:
    key = page(run, "edited")
    out = asked(run, "links", key + "@1")
    assert {row["kind"] for row in out} == {"foreign_press", "citation", "related"}
    assert [row["outlet"] for row in asked(run, "links", key + "@1", "--foreign-press")] == ["The Paper"]
    assert next(row for row in out if row["kind"] == "related")["archived"] == page(run, "gone") + "@1"
    assert [row["url"] for row in asked(run, "links", key + "@1", "--broken")] == [HOME + PATHS["gone"]]


def test_runs_tell_how_they_ended(run: Run) -> None:
    assert [row["outcome"] for row in asked(run, "runs")] == ["unhealthy", "ok", "ok"]
    assert len(asked(run, "runs", "--limit", "1")) == 1


@pytest.mark.parametrize("by", ["portal", "section", "day"])
def test_stats_count(run: Run, by: str) -> None:
    rows = asked(run, "stats", "--by", by)
    assert sum(row["edited"] for row in rows) == 2
    assert by in rows[0]
    assert run("stats", "--by", by, "--format", "table").exit_code == 0


def test_blame_names_the_version_of_each_sentence_and_what_is_gone(run: Run) -> None:
    key = page(run, "edited")
    rows = asked(run, "blame", key)
    assert {row["version"] for row in rows if not row["gone"]} >= {1, 2}
    gone = [row["text"] for row in asked(run, "blame", key, "--gone")]
    assert any("47 member states" in text for text in gone)
    assert "gone @2" in run("blame", key, "--format", "table").stdout


def test_cite_names_the_capture(run: Run) -> None:
    key = page(run, "edited")
    row = asked(run, "cite", key + "@2", "--style", "robust-link")
    assert row["sha256"] == asked(run, "show", key + "@2")["evidence"]["sha256"]
    assert f'data-originalurl="{HOME}/news/1"' in row["citation"]
    assert run("cite", key + "@2", "--style", "bibtex").stdout.startswith(f"@online{{onrecord-{key}-2,\n")
    assert json.loads(run("cite", key, "--style", "csl-json").stdout)[0]["container-title"] == "Example"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("show", "ffffffff"), 3, "no page ffffffff"),
        (("show", "zz"), 3, "no page 'zz'"),
        (("show", f"{HOME}/news/77"), 3, "no page with the address"),
        (("list", "--portal", "exampel-az"), 3, "no portal 'exampel-az' in this archive; did you mean example-az?"),
        (("changes", "--section", "Nws"), 3, "no section 'Nws' in this archive; did you mean News?"),
        (("changes", "--kind", "edted"), 2, "did you mean edited?"),
        (("changes", "--since", "soon"), 2, "no time 'soon'"),
        (("list", "--columns", "headlin"), 2, "did you mean headline?"),
    ],
)
def test_wrong_words_are_answered_with_what_was_meant(run: Run, words: tuple[str, ...], code: int, says: str) -> None:
    result = run(*words)
    assert result.exit_code == code
    assert says in result.stderr
    assert result.stderr.count("\n") <= 2


def test_a_missing_version_says_which_there_are(run: Run) -> None:
    result = run("show", page(run, "edited") + "@9")
    assert result.exit_code == 3
    assert "there are @1 to @3" in result.stderr


DOCUMENTED = {
    "list": ("list",),
    "show": ("show", "{edited}@1"),
    "log": ("log", "{edited}"),
    "diff": ("diff", "{edited}"),
    "changes": ("changes",),
    "gone": ("gone",),
    "search": ("search", "states"),
    "links": ("links", "{edited}@1"),
    "blame": ("blame", "{edited}"),
    "stats": ("stats",),
    "runs": ("runs",),
    "cite": ("cite", "{edited}"),
    "config show": ("config", "show"),
    "doctor": ("doctor",),
}


@pytest.mark.parametrize("section", DOCUMENTED)
def test_the_keys_are_those_of_the_reference(run: Run, section: str) -> None:
    text = (ROOT / "docs" / "reference" / "json.md").read_text(encoding="utf-8")
    documented = re.findall(r"`(\w+)`", text.split(f"\n## {section}\n")[1].split("\n\n")[0])
    told = asked(run, *(word.format(edited=page(run, "edited")) for word in DOCUMENTED[section]))
    assert set(told[0] if isinstance(told, list) else told) == set(documented)
    if isinstance(told, list):
        header = run(*(word.format(edited=page(run, "edited")) for word in DOCUMENTED[section]), "--format", "tsv").stdout
        assert header.splitlines()[0].split("\t") == documented, "columns of CSV and TSV, in this order"


LISTS = ["list", "changes", "gone", "runs", "stats", "links", "search states", "stats --by day"]


@pytest.mark.parametrize("command", LISTS)
@pytest.mark.parametrize("kind", ["table", "json", "jsonl", "csv", "tsv", "md"])
def test_every_list_speaks_every_format(run: Run, command: str, kind: str) -> None:
    result = run(*command.split(), "--format", kind)
    assert result.exit_code == 0, result.stderr
    assert result.stdout
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(result.stdout)))
        assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize("command", LISTS)
def test_every_list_is_empty_in_an_empty_archive(command: str, tmp_path: Any) -> None:
    from click.testing import CliRunner

    from archive.cli.front import onrecord

    runner = CliRunner()
    assert runner.invoke(onrecord, ["init", str(tmp_path / "a")], prog_name="onrecord").exit_code == 0
    result = runner.invoke(onrecord, [*command.split(), "-C", str(tmp_path / "a"), "--json"], prog_name="onrecord")
    assert (result.exit_code, result.stdout) == (0, "[]\n")


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_times_can_be_told_in_another_zone(run: Run, zone: str) -> None:
    assert is_instant(asked(run, "list", "--tz", zone)[0]["first_seen"])
    assert asked(run, "list", "--tz", "UTC")[0]["first_seen"].endswith("+00:00")


def test_a_hostile_headline_is_data_in_json_and_harmless_elsewhere(run: Run) -> None:
    key = page(run, "hostile")
    assert asked(run, "show", key)["headline"] == HOSTILE
    for words in (("list",), ("list", "--format", "md"), ("list", "--format", "table"), ("show", key), ("cite", key)):
        assert not {"\x1b", "\x07", "\u202e"} & set(run(*words).stdout), words


def test_feed_writes_atom_and_json(run: Run, tmp_path: Any) -> None:
    told = run("feed", "--kind", "edited")
    assert told.stdout.startswith("<?xml ")
    assert told.stdout.count("<entry>") == 2
    assert run("feed", "-o", str(tmp_path / "a.json"), "--kind", "gone").stderr == f"1 entry, {tmp_path}/a.json\n"
    assert json.loads((tmp_path / "a.json").read_text())["title"] == "Example: changes"
