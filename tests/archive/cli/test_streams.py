from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive.cli.failures import report
from archive.cli.session import Session
from archive.errors import UsageError
from tests.archive.cli.terminal import COMMAND, on_terminal, piped

HEAVY = (
    "scrapy",
    "twisted",
    "trafilatura",
    "sqlalchemy",
    "alembic",
    "pydantic",
    "rich",
    "lxml",
    "starlette",
    "pyarrow",
    "numpy",
)


def test_the_help_imports_nothing_heavy(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom archive.cli import main\ntry:\n    main()\nfinally:\n"
        f"    print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, "--help"], capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert done.returncode == 0
    assert done.stderr == "[]\n"


@pytest.mark.parametrize("words", [("--version",), ("--help",), ("completion", "bash"), ("config", "show")])
def test_what_needs_no_archive_works_anywhere(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = piped(*words, cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout


def test_outside_an_archive_one_line_says_what_to_do(tmp_path: Path) -> None:
    done = piped("list", cwd=tmp_path)
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr == (
        f"error: no archive here: no onrecord.toml in {tmp_path} or above it\nhint: onrecord init  or  onrecord -C DIR …\n"
    )


def test_init_makes_an_archive_and_says_what_is_next(tmp_path: Path) -> None:
    done = piped("init", "az", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "Created az/ (onrecord.toml, archive.db, warc/, portals/)\n")
    assert "onrecord add https://" in done.stderr
    assert (tmp_path / "az" / "archive.db").stat().st_size > 0


def test_init_keeps_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "onrecord.toml").write_text("[crawl]\nworkers = 1\n")
    done = piped("init", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["created"] is False
    assert (tmp_path / "onrecord.toml").read_text() == "[crawl]\nworkers = 1\n"


def test_init_where_nothing_can_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = piped("init", "file/az", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("error: cannot make an archive in file/az: ")
    assert "Traceback" not in done.stderr


def test_the_archive_is_found_from_a_folder_below_by_flag_and_by_variable(tmp_path: Path) -> None:
    piped("init", "az", cwd=tmp_path)
    below = tmp_path / "az" / "portals"
    for done in (
        piped("doctor", "--json", cwd=below),
        piped("-C", "az", "doctor", "--json", cwd=tmp_path),
        piped("doctor", "--json", "-C", "az", cwd=tmp_path),
        piped("doctor", "--json", cwd=tmp_path, ONRECORD_ARCHIVE=str(tmp_path / "az")),
    ):
        assert "schema" in {row["check"] for row in json.loads(done.stdout)}


def test_a_reader_that_leaves_early_is_no_failure(tmp_path: Path) -> None:
    line = f"{sys.executable} -c 'from archive.cli import main; main()' config show | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert done.stdout == "table\tkey\tvalue\torigin\n0\n"
    assert "Broken" not in done.stderr


def test_a_table_whose_reader_leaves_early_is_no_failure_either(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    words = ["--format", "table", "config", "show"]
    process = subprocess.Popen([*COMMAND, *words], stdout=writer, stderr=subprocess.PIPE, cwd=tmp_path)
    os.close(writer)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"Error" not in said and b"Traceback" not in said


def test_a_format_taken_for_an_option_is_named(tmp_path: Path) -> None:
    piped("init", cwd=tmp_path)
    done = piped("list", "--csv", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "error: no such option '--csv'\nhint: --format csv\n")


def test_ctrl_c_that_comes_back_as_an_error_of_a_model_is_an_interruption(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told = ValueError('Error building "function-after" validator:\n  KeyboardInterrupt: ')
    assert report(told, Session()) == 130
    assert capsys.readouterr().err == "error: interrupted\n"
    assert report(UsageError("no column KeyboardInterrupt"), Session()) == 2
    assert capsys.readouterr().err == "error: no column KeyboardInterrupt\n"


def test_output_that_nobody_can_take_is_quiet(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.Popen([*COMMAND, "config", "show"], stdout=writer, stderr=subprocess.PIPE, cwd=tmp_path)
    os.close(writer)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"Error" not in said


def test_a_full_output_is_one_line(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, "config", "show"], stdout=full, stderr=subprocess.PIPE, text=True, cwd=tmp_path)
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_latin_1_locale_gets_utf_8_json_and_no_error(tmp_path: Path) -> None:
    (tmp_path / "onrecord.toml").write_text("[crawl]\ncontact = 'Bakı — Минск'\n", encoding="utf-8")
    for words in (("--json",), ("--format", "csv"), ("--format", "table"), ()):
        done = piped("config", "show", *words, cwd=tmp_path, PYTHONIOENCODING="latin-1")
        assert done.returncode == 0
    assert "Bakı — Минск" in piped("config", "show", "--json", cwd=tmp_path, PYTHONIOENCODING="latin-1").stdout


def test_a_terminal_gets_a_table_in_colour_that_fits(tmp_path: Path) -> None:
    code, shown = on_terminal("config", "show", "--origin", cwd=tmp_path, columns=60)
    assert code == 0
    assert "\x1b[" in shown
    assert "archive.database" in shown


@pytest.mark.parametrize(("words", "environ"), [((), {"NO_COLOR": "1"}), ((), {"TERM": "dumb"}), (("--color", "never"), {})])
def test_colour_can_be_refused(tmp_path: Path, words: tuple[str, ...], environ: dict[str, str]) -> None:
    _, shown = on_terminal("config", "show", *words, cwd=tmp_path, environ=environ)
    assert "archive.database" in shown
    assert "\x1b" not in shown


def test_colour_can_be_asked_for_in_a_pipe(tmp_path: Path) -> None:
    assert "\x1b[" in piped("config", "show", "--format", "table", "--color", "always", cwd=tmp_path).stdout
    assert "\x1b[" not in piped("config", "show", "--format", "tsv", "--color", "always", cwd=tmp_path).stdout


@pytest.mark.parametrize("kind", ["table", "tsv", "csv", "json", "md"])
def test_no_escape_of_an_archived_text_reaches_a_terminal(tmp_path: Path, kind: str) -> None:
    (tmp_path / "onrecord.toml").write_text('[crawl]\ncontact = "\\u001b]0;pwned\\u0007\\u202e\\u009b31m"\n')
    _, shown = on_terminal("config", "show", "--color", "never", "--format", kind, cwd=tmp_path)
    assert "pwned" in shown
    assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(shown)


def test_an_error_in_a_settings_file_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "onrecord.toml").write_text('[crawl]\n"\\u001b]0;x\\u0007" = 1\n')
    _, shown = on_terminal("config", "show", "--color", "never", cwd=tmp_path)
    assert "unknown key" in shown
    assert "\x1b" not in shown


def test_a_terminal_goes_through_the_pager_and_a_pipe_does_not(tmp_path: Path) -> None:
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\nsed 's/^/paged: /'\n")
    pager.chmod(0o755)
    environ = {"PAGER": str(pager)}
    assert "paged: " in on_terminal("config", "show", cwd=tmp_path, environ=environ)[1]
    assert "paged: " not in on_terminal("config", "show", "--no-pager", cwd=tmp_path, environ=environ)[1]
    assert "paged: " not in on_terminal("config", "show", "--json", cwd=tmp_path, environ=environ)[1]
    assert "paged: " not in piped("config", "show", "--format", "table", cwd=tmp_path, **environ).stdout


def test_control_c_ends_with_130_and_one_word(tmp_path: Path) -> None:
    script = "import click, signal\nfrom archive.cli.front import onrecord\n"
    script += "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell's background jobs inherit deafness to it
    script += "@click.command()\ndef wait():\n    print('up', flush=True)\n    import time; time.sleep(30)\n"
    script += "onrecord.commands['wait'] = wait\nonrecord.main(['wait'])\n"
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in said


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("onrecord ch", "changes"), ("onrecord cite x --style ", "bibtex"), ("onrecord list --portal ", "example-az")],
)
def test_the_tab_key_completes_commands_choices_and_portals(tmp_path: Path, typed: str, offered: str) -> None:
    piped("init", cwd=tmp_path)
    (tmp_path / "portals" / "example-az.toml").write_text("")
    at = str(len(typed.split()) - (0 if typed.endswith(" ") else 1))
    done = piped(cwd=tmp_path, COMP_WORDS=typed, COMP_CWORD=at, _ONRECORD_COMPLETE="bash_complete")
    assert f"plain,{offered}" in done.stdout.splitlines()
