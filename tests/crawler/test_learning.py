"""What a portal's own texts teach goes into its file; from there into every reading, the evidence and a rebuild."""

from __future__ import annotations

import os
from typing import Any

import pytest

from archive.rebuild import rebuild
from archive.workspace import Workspace
from crawler import portal_file
from crawler.boilerplate import Line
from crawler.learning import with_boilerplate
from crawler.rereading import reader_of
from tests.archive.rebuild.test_rebuild import beside
from tests.archive.rows import canonical
from tests.crawler.commands.calls import ENV, onrecord
from tests.crawler.commands.test_reextract import told
from tests.crawler.small_portal import small_portal

NOTICE = "<p>This service is provided by the digital office of the ministry.</p>"
SUMMITS = 11


def test_learned_lines_join_the_layout_in_force_and_what_people_wrote_stays() -> None:
    text = (
        'schema = 1\n[portal]\nid = "p"\nname = "P"\nhome = "http://p.example/"\n'
        '[[layout]]\nvalid_until = 2020-01-01\n[[layout]]\ntitle = "h1"   # mine\nboilerplate = ["Old line"]\n'
    )
    new = with_boilerplate(text, [Line('He said "no"', 18, 20), Line("Share", 20, 20)])
    layouts = portal_file.parse(new).layout
    assert layouts[0].boilerplate == ()
    assert layouts[1].boilerplate == ("Old line", 'He said "no"', "Share")
    assert "# mine" in new and "# auto: on 18/20 articles" in new


def test_a_file_without_a_layout_gets_one() -> None:
    text = 'schema = 1\n[portal]\nid = "p"\nname = "P"\nhome = "http://p.example/"\n'
    assert portal_file.parse(with_boilerplate(text, [Line("Share", 9, 10)])).layout[0].boilerplate == ("Share",)


def test_a_learned_line_leaves_the_texts_without_an_edit_and_a_rebuild_tells_the_same(
    store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = ENV | {key: os.environ[key] for key in ("ONRECORD_DATABASE_URL",) if key in os.environ}
    root = store.root

    def run(*words: str) -> Any:
        return told(root, *words)

    with small_portal(SUMMITS) as portal:
        (root / "portals" / "small.toml").write_text(portal.portal_file(), encoding="utf-8")
        for edit in ("", "The budget was doubled on Tuesday. "):
            for number in range(1, SUMMITS + 1):
                portal.article(number, words=edit if number == 3 else "")
                page = portal.answers[f"/en/news/{number}"]
                page.body = page.body.replace(b"</article>", NOTICE.encode() + b"</article>")
            assert onrecord(root, "crawl", "small", env=env).returncode == 0
    before = run("changes")
    assert "digital office" in run("show", f"{portal.base}/en/news/3")["articleBody"]

    (line,) = run("portal", "learn", "small", "--yes")
    assert (line["hits"], line["of"]) == (SUMMITS, SUMMITS)
    assert "digital office" in line["text"]
    run("reextract", "small")
    assert run("portal", "learn", "small", "--dry-run") == []
    shown = run("show", f"{portal.base}/en/news/3")["articleBody"]
    assert "digital office" not in shown
    assert "doubled on Tuesday" in shown and "district 3" in shown
    after = run("changes")
    kept = ("page", "kind", "from", "to", "detected_at", "words_added", "words_removed")
    assert [[row[key] for key in kept] for row in after] == [[row[key] for key in kept] for row in before]

    live = canonical(store)
    again = beside(store, "again.db")
    monkeypatch.delenv("ONRECORD_DATABASE_URL", raising=False)
    rebuild(store, again, reader_of)
    assert canonical(again) == live
