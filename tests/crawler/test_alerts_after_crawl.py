"""A crawl tells the channels of [alerts] when it ends, whoever started it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.crawler.small_portal import archive_of, small_portal
from tests.crawler.test_crawl import ask

RECEIVER = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read() + '\\n')"


def test_the_next_crawl_tells_of_its_edits_once_and_names_a_channel_it_did_not_reach(tmp_path: Path) -> None:
    heard = tmp_path / "heard.jsonl"
    words = json.dumps([sys.executable, "-c", RECEIVER, str(heard)])
    channels = f'[[alerts.channel]]\nname = "desk"\nby = "command"\ncommand = {words}\n'
    channels += '[[alerts.channel]]\nname = "deaf"\nby = "command"\ncommand = ["/nonexistent/program"]\n'
    with small_portal() as portal:
        archive_of(tmp_path / "archive", portal)
        settings = tmp_path / "archive" / "onrecord.toml"
        settings.write_text(settings.read_text() + "\n" + channels)
        ask(tmp_path / "archive", "crawl", "small")
        assert not heard.exists(), "a new channel begins with what changes after it is first told"
        portal.article(3, words="The total is 47 million.")
        (told,) = ask(tmp_path / "archive", "crawl", "small")
        ask(tmp_path / "archive", "crawl", "small")
    messages = [json.loads(line) for line in heard.read_text().splitlines()]
    assert [change["kind"] for message in messages for change in message["changes"]] == ["edited"]
    assert any(line.startswith("channel deaf was not told: ") for line in told["warnings"])
    assert not any("desk" in line for line in told["warnings"])
