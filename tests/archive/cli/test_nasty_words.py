"""Whatever is typed: an answer or one line, an exit code of the documented ones, nothing that acts on the terminal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result

NASTY = [
    "",
    " ",
    "-",
    "--",
    "@",
    "@1",
    "a@{",
    "%",
    "_",
    "' OR '1'='1",
    '"; DROP TABLE page; --',
    "\x00",
    "\x1b[31mred\x1b]0;title\x07",
    "\u202ereversed",
    "\ud800",
    "../../etc/passwd",
    "http://",
    "http://[::1",
    "http://user:pass@host:99999/",
    "javascript:alert(1)",
    "ａ１ｆ３ｃ９",
    "0" * 3000,
    "9" * 400,
    "٤٢",
    "1e999",
    "NaN",
    "İ",
    "👩‍👩‍👧",
    "{{7*7}}",
    "$(id)",
]
COMMANDS = [
    "show {}",
    "show {}@2",
    "log {}",
    "diff {} 1..2",
    "diff abcd {}",
    "blame {}",
    "cite {}",
    "links {}",
    "search {}",
    "search x --section {}",
    "list --portal {}",
    "list --lang {}",
    "list --state {}",
    "list --columns {}",
    "changes --since {}",
    "changes --kind {}",
    "changes --min-words {}",
    "gone --section {}",
    "runs --limit {}",
    "stats --by {}",
    "{}",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_typed_is_a_defect(run: Callable[..., Result], command: str) -> None:
    for word in NASTY:
        result = run(*(part.replace("{}", word) for part in command.split()))
        assert result.exit_code in (0, 2, 3), (word, result.stderr)
        assert "unexpected" not in result.stderr, (word, result.stderr)
        assert "Traceback" not in result.output
        assert not {"\x1b", "\x07", "\u202e"} & set(result.output), word
