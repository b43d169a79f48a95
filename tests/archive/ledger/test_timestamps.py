"""Checkpoints stamped by two time stamping authorities, which are openssl on loopback."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import doctor
from archive.database import open_engine
from archive.errors import IntegrityError, UsageError
from archive.keeping import witness
from archive.ledger import Ledger, check, prove, timestamps
from archive.ledger.authorities import authorities
from archive.ledger.proof import checkpoints
from archive.models import Base
from archive.settings import TIME_STAMPERS, CrawlSettings, EvidenceSettings, Settings
from archive.workspace import FILE, Workspace, create, open_at
from tests.archive.ledger.authority import authority
from tests.archive.story import Portal, article
from tests.crawler.small_portal import archive_of, small_portal
from tests.crawler.test_crawl import ask

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = create(tmp_path / "archive")
    portal = Portal(workspace)
    portal.begin()
    portal.add(portal.shows(article("/news/1")))
    portal.end()
    return workspace


def test_two_authorities_stamp_a_checkpoint_and_the_proof_carries_both(workspace: Workspace, tmp_path: Path) -> None:
    ledger = Ledger(workspace)
    head = ledger.head()
    assert head is not None
    with authority(tmp_path / "one") as one, authority(tmp_path / "two") as two:
        stamped = timestamps.stamp(head, [one, two, "http://127.0.0.1:9/", "file:///etc/passwd"], timeout=5)
    assert [item.token is not None for item in stamped] == [True, True, False, False]
    assert all(item.error for item in stamped[2:])
    with open_engine(workspace).begin() as connection:
        assert timestamps.keep(ledger, connection, head, stamped) == 2
        capture = Base.metadata.tables["capture"]
        proof = prove(workspace, connection, connection.scalar(select(capture.c.id)))
    assert check(proof)["tokens"] == 2
    roots = [root for name in ("one", "two") for root in timestamps.load_roots((tmp_path / name / "root.pem").read_bytes())]
    assert [item["authority"] for item in timestamps.check_tokens(proof, roots)] == [one, two]
    with pytest.raises(IntegrityError):
        timestamps.check_tokens(proof, roots[:1])
    token = stamped[0].token
    assert token is not None
    with pytest.raises(IntegrityError):
        timestamps.check_token(token, head.note + "x", roots)
    (tmp_path / "note").write_text(head.note)
    (tmp_path / "token.tsr").write_bytes(token)
    judge = ["openssl", "ts", "-verify", "-data", "note", "-in", "token.tsr", "-CAfile", "one/root.pem"]
    assert subprocess.run(judge, cwd=tmp_path, capture_output=True).returncode == 0


NOBODY = "http://127.0.0.1:9/"


def set_authorities(workspace: Workspace, *urls: str) -> Workspace:
    """The same archive with these authorities in its settings."""
    (workspace.root / FILE).write_text(f"[evidence]\ntimestamps = {json.dumps(urls)}\n")
    return open_at(workspace.root)


def test_a_checkpoint_is_stamped_by_the_authorities_of_the_settings_and_the_others_are_told(
    workspace: Workspace, tmp_path: Path
) -> None:
    with authority(tmp_path / "one") as one, authority(tmp_path / "two") as two:
        asked = set_authorities(workspace, one, NOBODY, two)
        (warning,) = witness(asked, open_engine(asked))
    assert warning.startswith(f"no time stamp from {NOBODY}: ")
    with open_engine(workspace, readonly=True).connect() as connection:
        assert [item["time_stamps"] for item in checkpoints(connection)] == [2]
    assert {item.check: item.verdict for item in doctor.of_archive(asked)}["witnesses"] == "ok"


def test_nobody_is_asked_of_private_addresses_unless_named() -> None:
    private = CrawlSettings(allow_private=True)
    assert authorities(Settings()) == (TIME_STAMPERS["digicert"], TIME_STAMPERS["sectigo"])
    assert authorities(Settings(crawl=private)) == ()
    assert authorities(Settings(evidence=EvidenceSettings(timestamps=()))) == ()
    named = EvidenceSettings(timestamps=("freetsa", NOBODY))
    assert authorities(Settings(crawl=private, evidence=named)) == (TIME_STAMPERS["freetsa"], NOBODY)


def test_an_authority_without_an_address_is_a_mistake_that_is_named(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="'digicrt' is neither"):
        set_authorities(workspace, "digicrt")


@pytest.mark.parametrize(
    ("named", "said"), [((), "no authority stamps the checkpoints"), ((NOBODY,), "0 of 2 time stamps: 1 captures")]
)
def test_doctor_misses_witnesses(workspace: Workspace, named: tuple[str, ...], said: str) -> None:
    (finding,) = (item for item in doctor.of_archive(set_authorities(workspace, *named)) if item.check == "witnesses")
    assert finding.verdict == "warn"
    assert said in finding.message


def test_a_crawl_has_its_checkpoint_stamped_and_an_authority_that_fails_is_a_warning(tmp_path: Path) -> None:
    with small_portal() as portal, authority(tmp_path / "one") as one:
        folder = archive_of(tmp_path / "crawled", portal)
        (summary,) = ask(folder, "crawl", "small", env={"ONRECORD_EVIDENCE_TIMESTAMPS": f"{one},{NOBODY}"})
        assert summary["healthy"]
        assert [NOBODY in warning for warning in summary["warnings"]] == [True]
        assert [item["time_stamps"] for item in ask(folder, "ledger", "show", "--all")] == [1]
        assert ask(folder, "crawl", "small")[0]["warnings"] == []  # private, and nobody is named
