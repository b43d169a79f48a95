"""`onrecord notify test` of channels that are not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli.front import onrecord
from archive.workspace import create


@pytest.mark.parametrize("form", [[], ["--json"], ["--format", "csv"]])
def test_a_test_without_a_channel_says_where_to_write_one(tmp_path: Path, form: list[str]) -> None:
    made = create(tmp_path / "archive")
    found = CliRunner().invoke(onrecord, ["-C", str(made.root), "notify", "test", *form], prog_name="onrecord")
    assert found.exit_code == 3
    assert found.stdout == ""
    if form == ["--json"]:
        error = json.loads(found.stderr)["error"]
        assert (error["code"], error["message"]) == ("channel.missing", "no channel in onrecord.toml")
        assert "[[alerts.channel]]" in error["hint"]
    else:
        first, hint = found.stderr.strip().splitlines()
        assert first.endswith("no channel in onrecord.toml")
        assert "[[alerts.channel]]" in hint
