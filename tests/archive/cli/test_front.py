from __future__ import annotations

import copy
import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from archive.cli.front import FAMILIES, FRONT, FrontDoor
from archive.cli.options import accept_global_options, output_options
from archive.cli.session import Session, pass_session
from archive.errors import Busy, IntegrityError, NotFound, OnrecordError, UnhealthyCrawl, UsageError
from archive.output import Output
from archive.output.screen import Column

ERRORS = {error.__name__: error for error in (OnrecordError, UsageError, NotFound, UnhealthyCrawl, IntegrityError, Busy)}


@click.command()
@click.argument("name")
def fail(name: str) -> None:
    """Raise."""
    if name == "defect":
        raise ZeroDivisionError("by\nzero")
    if name == "interrupt":
        raise KeyboardInterrupt
    if name == "disk":
        raise OSError(28, "No space left on device", "/x/archive.db")
    if name == "extra":
        raise ModuleNotFoundError("No module named 'pyarrow'", name="pyarrow.parquet")
    raise ERRORS[name]("it did not work", hint="do another thing")


@click.command("rows")
@click.option("--empty", is_flag=True)
@output_options
def some_rows(output: Output, empty: bool) -> None:
    """Rows."""
    rows = [] if empty else [{"page": "a1", "url": "https://x/1"}, {"page": "b2", "url": "https://x/\x1b[31m2"}]
    output.rows(rows, ("page", "url"), [Column("page"), Column("url", grow=True)], empty="no pages")


@click.command()
@pass_session
def flags(session: Session) -> None:
    """Say what the flags are."""
    click.echo(json.dumps([str(session.archive), session.format, session.quiet, session.verbose, session.tz, session.columns]))
    session.say("said")
    session.say("detail", level=1)
    session.warn("warned")


@click.command()
@pass_session
def ask(session: Session) -> None:
    """Ask."""
    click.echo(session.confirm("sure?", default=True))


@click.command()
def findings() -> int:
    """End with an exit code."""
    return 6


def run(*words: str) -> Result:
    door = FrontDoor()
    for command in (fail, some_rows, flags, ask, findings):
        door.commands[command.name or ""] = accept_global_options(copy.copy(command))
    return CliRunner().invoke(door, list(words), prog_name="onrecord")


@pytest.mark.parametrize(
    ("name", "code"),
    [("OnrecordError", 1), ("UsageError", 2), ("NotFound", 3), ("UnhealthyCrawl", 4), ("IntegrityError", 5), ("Busy", 7)],
)
def test_an_error_is_one_line_a_hint_and_the_documented_exit_code(name: str, code: int) -> None:
    result = run("fail", name)
    assert result.exit_code == code
    assert result.stderr == "error: it did not work\nhint: do another thing\n"
    assert result.stdout == ""


@pytest.mark.parametrize("place", ["--json fail Busy", "fail Busy --json", "--format json fail Busy"])
def test_with_json_an_error_is_an_object_on_standard_error(place: str) -> None:
    result = run(*place.split())
    assert json.loads(result.stderr) == {"error": {"code": "busy", "message": "it did not work", "hint": "do another thing"}}
    assert result.exit_code == 7


def test_a_wrong_word_is_told_as_json_too() -> None:
    result = run("rows", "--json", "--nonsense")
    assert json.loads(result.stderr)["error"]["code"] == "usage"
    assert result.exit_code == 2


def test_a_defect_is_one_line_with_the_traceback_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("fail", "defect")
    assert result.exit_code == 1
    assert "unexpected ZeroDivisionError: by\n" in result.stderr
    assert "Traceback" not in result.stderr
    log = Path(result.stderr.split("traceback is in ")[1].strip())
    assert "ZeroDivisionError" in log.read_text()
    log.unlink()


def test_two_v_show_the_traceback() -> None:
    assert "Traceback" in run("-vv", "fail", "Busy").stderr


def test_control_c_ends_with_130() -> None:
    assert run("fail", "interrupt").exit_code == 130


def test_a_full_disk_names_the_file_and_what_is_kept() -> None:
    result = run("fail", "disk")
    assert result.stderr.startswith("error: /x/archive.db: No space left on device\n")
    assert result.exit_code == 1


def test_a_missing_extra_says_how_to_install_it() -> None:
    assert "pip install 'onrecord[parquet]'" in run("fail", "extra").stderr


def test_a_wrong_command_is_answered_with_the_nearest() -> None:
    result = run("docter")
    assert result.exit_code == 2
    assert "no command 'docter'; did you mean doctor?" in result.stderr


def test_a_wrong_flag_is_answered_with_the_nearest_and_the_help() -> None:
    result = run("rows", "--emty")
    assert "--empty" in result.stderr
    assert "hint: onrecord rows --help" in result.stderr


def test_global_flags_work_before_and_after_the_command() -> None:
    before = run("-C", "/x", "--json", "-q", "-vv", "--tz", "Asia/Baku", "--columns", "a, b", "flags")
    after = run("flags", "-C", "/x", "--json", "-q", "-vv", "--tz", "Asia/Baku", "--columns", "a, b")
    assert before.stdout == after.stdout
    assert json.loads(before.stdout) == ["/x", "json", True, 2, "Asia/Baku", ["a", "b"]]


def test_the_later_flag_wins() -> None:
    assert json.loads(run("--format", "csv", "flags", "--format", "tsv").stdout)[1] == "tsv"


def test_quiet_keeps_warnings_and_drops_messages() -> None:
    assert run("flags").stderr == "said\nwarning: warned\n"
    assert run("flags", "-v").stderr == "said\ndetail\nwarning: warned\n"
    assert run("flags", "-q").stderr == "warning: warned\n"


def test_nobody_is_asked_where_nobody_sits() -> None:
    assert run("ask").stdout == "True\n"


def test_a_command_may_end_with_its_own_exit_code() -> None:
    assert run("findings").exit_code == 6


def test_a_list_off_a_terminal_is_tsv_without_acting_characters() -> None:
    assert run("rows").stdout == "page\turl\na1\thttps://x/1\nb2\thttps://x/␛[31m2\n"


@pytest.mark.parametrize("kind", ["table", "json", "jsonl", "csv", "tsv", "md"])
def test_every_list_speaks_every_format_and_columns(kind: str) -> None:
    result = run("rows", "--format", kind, "--columns", "url")
    assert result.exit_code == 0
    assert "https://x/1" in result.stdout
    assert "a1" not in result.stdout
    assert ("\x1b" in result.stdout) == (kind == "csv"), "a CSV file keeps every character, the others are read on screens"


def test_an_unknown_column_is_answered_with_the_nearest() -> None:
    result = run("rows", "--columns", "urls")
    assert result.exit_code == 2
    assert "did you mean url?" in result.stderr


def test_an_empty_list_is_told_to_people_and_stays_valid_for_programs() -> None:
    table = run("rows", "--empty", "--format", "table")
    assert (table.stdout, table.stderr, table.exit_code) == ("", "no pages\n", 0)
    assert run("rows", "--empty", "--json").stdout == "[]\n"


def test_the_front_page_shows_the_everyday_verbs_first() -> None:
    text = run("--help").stdout
    titles = [line.rstrip(":") for line in text.splitlines() if line.rstrip(":") in FAMILIES.values()]
    assert titles == [title for title in FAMILIES.values() if title in titles]
    assert titles[0] == FAMILIES["front"]
    first_page = text.split("Every day:")[1].split("\n\n")[0].strip().splitlines()
    named = [line.split()[0] for line in first_page]
    assert named == [verb for verb in FRONT if verb in named]


def test_no_words_show_the_help() -> None:
    assert "Usage: onrecord" in run().output
