"""Portal files: errors name key and line; finding, merging and writing keep what people wrote."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from archive import workspace
from archive.errors import NotFound, UsageError
from archive.workspace import Workspace
from crawler import portal_file

DAY = date(2024, 5, 2)
FILE = """\
schema = 1

[portal]
id = "example-az"
name = "Example"
home = "https://portal.example.az/en/"
timezone = "Asia/Baku"

[[section]]
name = "News"
url = "/en/news"

[[section]]
name = "Speeches"
url = "/en/speeches"
paginate = { next = "a.next", max_pages = 3 }

[articles]
url = '''
^/en/news/\\d+
'''

[[layout]]
title = "h1"
  [[layout.block]]
  kind = "related"
  item = { fields = ["headline"] }
  heading = "Related"
"""


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ('name = "Example"', 'nmae = "Example"', "x.toml:5: unknown key portal.nmae", "did you mean name?"),
        ("max_pages", "maxpages", "x.toml:16: unknown key section[1].paginate.maxpages", "did you mean max_pages?"),
        ("fields =", "feilds =", "x.toml:27: unknown key layout[0].block[0].item.feilds", "did you mean fields?"),
        ("[articles]", "[article]", "x.toml:18: unknown key article", "did you mean articles?"),
        ('"Asia/Baku"', '"Asia/Bakoo"', "x.toml:7: portal.timezone: no such time zone", None),
        ("max_pages = 3", "max_pages = 0", "x.toml:16: section[1].paginate.max_pages: Input should be greater", None),
        ('kind = "related"', 'kind = "relatd"', "x.toml:26: layout[0].block[0].kind: Input should be", None),
        ('url = "/en/speeches"\n', "", "x.toml:13: section[1].url is missing", None),
        ("[articles]", "[articles", "x.toml:18: not TOML", None),
        ('id = "example-az"', 'id = "../etc"', "x.toml:4: portal.id", None),
    ],
)
def test_an_error_names_the_line_the_key_and_the_nearest_known_one(old: str, new: str, message: str, hint: str | None) -> None:
    assert old in FILE
    with pytest.raises(UsageError) as caught:
        portal_file.parse(FILE.replace(old, new, 1), "x.toml")
    assert caught.value.message.startswith(message)
    assert caught.value.hint == hint


def test_lines_inside_a_long_string_are_no_keys() -> None:
    text = FILE.replace("^/en/news/\\d+\n", "^/en/news/\\d+\ntitle = 5\n")
    assert portal_file.line_of(text, ("layout", 0, "title")) == text.splitlines().index('title = "h1"') + 1


@pytest.fixture
def archive(tmp_path: Path) -> Workspace:
    made = workspace.create(tmp_path)
    (made.portals / "example-az.toml").write_text(FILE, encoding="utf-8")
    return made


def test_a_portal_is_found_by_id_and_by_any_address_on_its_host(archive: Workspace) -> None:
    for name in ("example-az", "https://portal.example.az/", "portal.example.az", "https://www.portal.example.az/en/news"):
        assert portal_file.find(archive, name).about.id == "example-az"


def test_an_unknown_portal_is_answered_with_the_nearest(archive: Workspace) -> None:
    with pytest.raises(NotFound) as caught:
        portal_file.find(archive, "exmaple-az")
    assert caught.value.hint == "did you mean example-az?"
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/b", "..", ""])
def test_a_name_never_leaves_the_folder_of_portals(archive: Workspace, name: str) -> None:
    with pytest.raises((NotFound, UsageError)):
        portal_file.find(archive, name)
    with pytest.raises(UsageError):
        portal_file.path_of(archive, name)


def test_a_file_under_another_name_than_its_id_is_an_error(archive: Workspace) -> None:
    (archive.portals / "other.toml").write_text(FILE, encoding="utf-8")
    with pytest.raises(UsageError, match="the file is named other"):
        portal_file.find(archive, "other")


def test_a_file_that_is_no_text_is_one_line(archive: Workspace) -> None:
    (archive.portals / "example-az.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="cannot be read"):
        portal_file.find(archive, "example-az")


def refreshed(archive: Workspace, drafted: str, edited: str, fresh: str) -> tuple[str, str]:
    path = archive.portals / "example-az.toml"
    portal_file.write(path, edited, drafted=drafted)
    return portal_file.merged(path, fresh, DAY)


def test_a_refresh_keeps_hand_edits_and_follows_the_rest(archive: Workspace) -> None:
    edited = FILE.replace('"Example"', '"My name"').replace("max_pages = 3", "max_pages = 9") + "# my remark\n"
    fresh = (
        FILE.replace('"Example"', '"Their name"').replace("Asia/Baku", "Asia/Tbilisi").replace("max_pages = 3", "max_pages = 5")
    )
    new, diff = refreshed(archive, FILE, edited, fresh)
    portal = portal_file.parse(new)
    assert portal.about.name == "My name"
    assert portal.section[1].paginate is not None
    assert portal.section[1].paginate.max_pages == 9
    assert portal.about.timezone == "Asia/Tbilisi"
    assert new.rstrip().endswith("# my remark")
    assert '-timezone = "Asia/Baku"' in diff
    assert '+timezone = "Asia/Tbilisi"' in diff
    assert "My name" not in [line[1:] for line in diff.splitlines() if line[:1] in "+-"]


def test_a_section_taken_out_by_hand_stays_out_and_a_new_one_comes(archive: Workspace) -> None:
    speeches = FILE[FILE.index('[[section]]\nname = "Speeches"') : FILE.index("[articles]")]
    fresh = FILE.replace("[articles]", '[[section]]\nname = "Media"\nurl = "/en/media"\n\n[articles]')
    new, _ = refreshed(archive, FILE, FILE.replace(speeches, ""), fresh)
    assert [section.name for section in portal_file.parse(new).section] == ["News", "Media"]


def test_a_file_written_without_a_draft_only_gains(archive: Workspace) -> None:
    fresh = FILE.replace("Asia/Baku", "UTC").replace("[articles]", '[discover]\nfeeds = ["/rss.xml"]\n\n[articles]')
    new, _ = portal_file.merged(archive.portals / "example-az.toml", fresh, DAY)
    portal = portal_file.parse(new)
    assert portal.about.timezone == "Asia/Baku"
    assert portal.discover.feeds == ("/rss.xml",)


def test_a_portal_that_moved_to_another_family_keeps_its_layout_for_the_captures_of_its_day(archive: Workspace) -> None:
    def of(family: str, prune: str) -> str:
        begun = FILE[: FILE.index("[[layout]]")].replace("[portal]", f'[portal]\nfamily = "{family}"')
        return begun + f'[[layout]]\nbody = {{ prune = ["{prune}"] }}\n'

    edited = of("gsb", ".aural") + 'title = "h1"   # mine\n'
    new, _ = refreshed(archive, of("gsb", ".aural"), edited, of("typo3", ".news-backlink-wrap"))
    old, now = portal_file.parse(new).layout
    assert (old.valid_until, old.title, old.body.prune) == (DAY - timedelta(days=1), "h1", (".aural",))
    assert (now.valid_until, now.title, now.body.prune) == (None, None, (".news-backlink-wrap",))
    assert "# mine" in new
    later, _ = refreshed(archive, of("typo3", ".news-backlink-wrap"), new, of("typo3", ".share"))
    assert [layout.body.prune for layout in portal_file.parse(later).layout] == [(".aural",), (".share",)]


def test_a_refresh_that_brings_nothing_has_no_diff(archive: Workspace) -> None:
    assert refreshed(archive, FILE, FILE, FILE) == (FILE, "")


def test_a_broken_file_is_told_before_anything_is_merged_into_it(archive: Workspace) -> None:
    path = archive.portals / "example-az.toml"
    path.write_text(FILE.replace("schema = 1", "schema = 7"), encoding="utf-8")
    with pytest.raises(UsageError, match="schema"):
        portal_file.merged(path, FILE, DAY)


def test_a_write_that_fails_leaves_the_old_file_whole(archive: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive.portals / "example-az.toml"

    def full(self: Path, *args: object, **kwargs: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        portal_file.write(path, "x", drafted="x")
    assert path.read_bytes() == FILE.encode()
