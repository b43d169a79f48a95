from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import time_machine

from archive import doctor, workspace
from archive.doctor import Finding
from archive.workspace import Workspace
from tests.archive.story import START, Portal, article


def found(findings: Iterable[Finding]) -> dict[str, Finding]:
    return {finding.check: finding for finding in findings}


def crawl(portal: Portal, *numbers: int) -> None:
    portal.begin()
    portal.add(*(portal.shows(article(f"/news/{number}", f"Article number {number} says this.")) for number in numbers))
    portal.end()


def test_this_machine_is_fit() -> None:
    assert {finding.verdict for finding in doctor.of_machine()} == {"ok"}


def test_a_fresh_archive_wants_only_a_contact(sqlite_workspace: Workspace) -> None:
    findings = found(doctor.of_archive(sqlite_workspace))
    assert {name for name, finding in findings.items() if finding.verdict != "ok"} == {"contact"}
    assert "contact =" in (findings["contact"].hint or "")


def test_a_contact_is_enough(sqlite_workspace: Workspace) -> None:
    (sqlite_workspace.root / workspace.FILE).write_text("[crawl]\ncontact = 'you@example.org'\n")
    assert found(doctor.of_archive(workspace.open_at(sqlite_workspace.root)))["contact"].verdict == "ok"


def test_a_missing_record_is_made_where_asked(sqlite_workspace: Workspace) -> None:
    for file in sqlite_workspace.root.glob("archive.db*"):
        file.unlink()
    assert found(doctor.of_archive(sqlite_workspace))["schema"].verdict == "fail"
    mended = found(doctor.of_archive(sqlite_workspace, fix=True))["schema"]
    assert (mended.verdict, mended.fixed) == ("ok", True)
    assert found(doctor.of_archive(sqlite_workspace))["schema"].verdict == "ok"


def test_a_clock_behind_the_captures_fails(sqlite_workspace: Workspace) -> None:
    portal = Portal(sqlite_workspace)
    crawl(portal, 1)
    with time_machine.travel(START - timedelta(days=400), tick=False):
        assert found(doctor.of_archive(sqlite_workspace))["clock"].verdict == "fail"
    with time_machine.travel(START + timedelta(days=1), tick=False):
        assert found(doctor.of_archive(sqlite_workspace))["clock"].verdict == "ok"


def test_bytes_that_an_interrupted_crawl_left_are_told_and_put_aside(sqlite_workspace: Workspace) -> None:
    portal = Portal(sqlite_workspace).begin()
    portal.add(portal.shows(article("/news/1")))
    (file,) = sqlite_workspace.evidence.glob("*.warc.gz")
    whole = file.read_bytes()
    with file.open("ab") as torn:
        torn.write(b"\x1f\x8b torn")
    finding = found(doctor.of_archive(sqlite_workspace))["evidence"]
    assert finding.verdict == "warn"
    assert "7 bytes were never acknowledged" in finding.message
    assert found(doctor.of_archive(sqlite_workspace, fix=True))["evidence"].fixed
    assert file.read_bytes() == whole


def test_a_running_crawl_is_left_alone(sqlite_workspace: Workspace) -> None:
    portal = Portal(sqlite_workspace).begin()
    portal.add(portal.shows(article("/news/1")))
    with sqlite_workspace.lock("crawl-example-az", "busy"):
        assert found(doctor.of_archive(sqlite_workspace, fix=True))["evidence"].message.startswith(
            "example-az is being crawled"
        )


def test_lost_bytes_fail_and_are_not_mended(sqlite_workspace: Workspace) -> None:
    portal = Portal(sqlite_workspace).begin()
    portal.add(portal.shows(article("/news/1")))
    (file,) = sqlite_workspace.evidence.glob("*.warc.gz")
    file.write_bytes(file.read_bytes()[:-10])
    assert found(doctor.of_archive(sqlite_workspace, fix=True))["evidence"].verdict == "fail"


def test_a_portal_that_fell_silent_is_told_with_its_usual_rhythm(sqlite_workspace: Workspace) -> None:
    portal = Portal(sqlite_workspace)
    crawl(portal, 1)
    for day in range(1, 4):
        portal.later(days=1)
        crawl(portal, *range(10 * day, 10 * day + 3))
    with time_machine.travel(portal.at, tick=False):
        assert "silent" not in found(doctor.of_archive(sqlite_workspace))
    portal.later(days=5)
    crawl(portal)
    with time_machine.travel(portal.at, tick=False):
        finding = found(doctor.of_archive(sqlite_workspace))["silent"]
    assert finding.verdict == "warn"
    assert finding.message == "portal example-az: 0 new articles for 5 days (usual: 3 a day)"
