"""The reference is what the code says: generated pages are current, and every command has a page and a help text."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from archive import errors
from archive.cli.failures import INTERRUPTED
from archive.cli.front import FrontDoor
from tests.shared_data import ROOT

REFERENCE = ROOT / "docs" / "reference"


def commands() -> Iterator[tuple[str, click.Command]]:
    door = FrontDoor()
    root = click.Context(door, info_name="onrecord")

    def below(command: click.Command, context: click.Context) -> Iterator[tuple[str, click.Command]]:
        yield context.command_path, command
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                sub = command.get_command(context, name)
                assert sub is not None
                yield from below(sub, click.Context(sub, info_name=name, parent=context))

    for name in door.list_commands(root):
        command = door.get_command(root, name)
        assert command is not None, name
        yield from below(command, click.Context(command, info_name=name, parent=root))


@pytest.mark.parametrize("page", ["cli.md", "settings.md"])
def test_the_generated_page_is_current(page: str) -> None:
    written = (REFERENCE / page).read_text(encoding="utf-8")
    # In a process of its own: commands used by other tests in this one may have been given their global flags already.
    script = (
        "import importlib.util as util, sys; "
        f"spec = util.spec_from_file_location('generator', {str(REFERENCE / 'generate.py')!r}); "
        "module = util.module_from_spec(spec); spec.loader.exec_module(module); "
        f"sys.stdout.buffer.write(module.PAGES[{page!r}]().encode())"
    )
    made = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout.decode()
    assert written == made, "run: python docs/reference/generate.py"


def test_every_command_says_what_it_does() -> None:
    for path, command in commands():
        assert command.help, path


def test_every_option_says_what_it_does() -> None:
    for path, command in commands():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{path} {parameter.opts}"


def test_no_command_takes_a_global_flag_for_something_else() -> None:
    for path, command in commands():
        taken = [name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)]
        assert len(taken) == len(set(taken)), path
        assert {"--json", "--format", "-C", "-q", "-v", "--tz"} <= set(taken), path


def test_every_exit_code_is_documented() -> None:
    text = (REFERENCE / "exit-codes.md").read_text(encoding="utf-8")
    used = {error.exit_code for error in vars(errors).values() if isinstance(error, type) and issubclass(error, Exception)}
    for code in {0, 6, INTERRUPTED, *used}:
        assert f"| {code} |" in text, code
