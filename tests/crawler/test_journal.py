"""What an interrupted crawl still had to ask."""

from __future__ import annotations

from pathlib import Path

from crawler.journal import Journal, Pending, read


def test_what_was_found_is_read_back_in_order(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "x" / "run.jsonl")
    found = [Pending(f"https://x.example/{n}", "article", "link", "https://x.example/", "Xəbərlər", n) for n in range(3)]
    for pending in found:
        journal.add(pending)
    assert list(read(journal.path)) == found  # before it is closed: a kill loses nothing
    journal.close(finished=False)
    assert list(read(journal.path)) == found


def test_a_finished_run_leaves_no_journal(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "run.jsonl")
    journal.add(Pending("https://x.example/", "hub", "home"))
    journal.close(finished=True)
    assert not journal.path.exists()


def test_a_torn_last_line_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    journal = Journal(path)
    journal.add(Pending("https://x.example/", "hub", "home"))
    journal.close(finished=False)
    path.write_bytes(path.read_bytes() + b'{"url": "https://x.exam')
    assert [pending.url for pending in read(path)] == ["https://x.example/"]
