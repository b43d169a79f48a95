"""What is written reads back byte for byte, follows WARC/1.1, and pleases every judge at hand."""

from __future__ import annotations

import gzip
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.errors import OnrecordError
from archive.message import parse_response
from archive.records import Exchange, TlsInfo
from archive.warc import Original, WarcWriter, block_digest_fits, iter_records, read_record
from tests.site.nasty import NASTY

AT = datetime(2026, 11, 24, 12, 0, 0, 123456, UTC)
BIN = Path(sys.executable).parent


def exchange(url: str, response: bytes, **more: object) -> Exchange:
    return Exchange(url, AT, b"GET / HTTP/1.1\r\nHost: gov.example\r\n\r\n", response, ip="192.0.2.1", **more)


def page(body: bytes = b"hello", *headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", "Content-Type: text/html", *headers, f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.fixture
def writer(tmp_path: Path) -> WarcWriter:
    writer = WarcWriter(tmp_path / "warc", prefix="example-gov")
    writer.begin_run({"software": "onrecord test", "robots": "obey"})
    return writer


def records(writer: WarcWriter) -> list:
    return [record for file in writer.close() for record in iter_records(writer.folder / file.name)]


def test_a_pair_holds_exactly_the_bytes_of_request_and_answer(writer: WarcWriter) -> None:
    pairs = [(exchange(f"http://gov.example{path}", data), path) for path, data in NASTY.items()]
    written = [(item, writer.write_exchange(item)) for item, _ in pairs]
    writer.sync()
    for item, capture in written:
        answer = read_record(writer.folder, capture.response)
        asked = read_record(writer.folder, capture.request)
        assert answer.block == item.response
        assert asked.block == item.request
        assert answer.header("WARC-Type") == "response"
        assert asked.header("WARC-Concurrent-To") == answer.header("WARC-Record-ID")
        assert answer.date == asked.date == AT
        assert answer.header("WARC-Date") == "2026-11-24T12:00:00.123456Z"
        assert block_digest_fits(answer)
        assert block_digest_fits(asked)
        assert answer.header("WARC-Fidelity") is None  # only what was reconstructed says so


def test_payload_digest_is_left_out_where_framing_stands_between_block_and_entity(writer: WarcWriter) -> None:
    plain = writer.write_exchange(exchange("http://gov.example/a", page()))
    chunked = writer.write_exchange(exchange("http://gov.example/b", NASTY["/chunked"]))
    assert plain.digest == f"sha256:{plain.payload}"
    assert chunked.digest is None
    assert len(chunked.payload) == 64
    found = records(writer)
    assert [record.header("WARC-Payload-Digest") for record in found if record.type == "response"] == [plain.digest, None]


def test_spec_digest_is_over_the_entity_without_chunks(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, payload_digest="spec")
    writer.begin_run({})
    chunked = writer.write_exchange(exchange("http://gov.example/b", NASTY["/chunked"]))
    assert chunked.digest == f"sha256:{chunked.payload}"
    writer.close()


def test_a_known_payload_becomes_a_revisit_with_its_headers_only(writer: WarcWriter) -> None:
    first = writer.write_exchange(exchange("http://gov.example/a", page()))
    original = Original("http://gov.example/a", AT, first.digest)
    again = writer.write_exchange(exchange("http://gov.example/copy", page(b"hello", "X-New: 1")), revisit_of=original)
    assert again.record == "revisit"
    assert again.digest == first.digest
    (record,) = [item for item in records(writer) if item.type == "revisit"]
    assert record.block == page(b"hello", "X-New: 1").removesuffix(b"hello")
    assert record.header("WARC-Profile").endswith("identical-payload-digest")
    assert record.header("WARC-Refers-To-Target-URI") == "http://gov.example/a"
    assert record.header("WARC-Refers-To-Date") == "2026-11-24T12:00:00.123456Z"
    assert record.header("WARC-Truncated") == "length"


def test_a_revisit_of_another_address_needs_an_original_that_carries_a_digest(writer: WarcWriter) -> None:
    first = writer.write_exchange(exchange("http://gov.example/a", NASTY["/chunked"]))
    original = Original("http://gov.example/a", AT, first.digest)
    same = writer.write_exchange(exchange("http://gov.example/a", NASTY["/chunked"]), revisit_of=original)
    other = writer.write_exchange(exchange("http://gov.example/b", NASTY["/chunked"]), revisit_of=original)
    assert (same.record, other.record) == ("revisit", "response")
    writer.close()


def test_a_304_becomes_a_revisit_without_a_block_so_that_tools_replay_what_still_holds(writer: WarcWriter) -> None:
    first = writer.write_exchange(exchange("http://gov.example/a", page()))
    raw = b'HTTP/1.1 304 Not Modified\r\neTaG: "x"\r\n\r\n'
    kept = writer.write_exchange(
        exchange("http://gov.example/a", raw), revisit_of=Original("http://gov.example/a", AT, first.digest)
    )
    assert kept.record == "revisit"
    (revisit,) = [item for item in records(writer) if item.type == "revisit"]
    assert revisit.block == b""
    assert revisit.header("WARC-Profile").endswith("server-not-modified")
    assert revisit.header("WARC-Refers-To-Date") == "2026-11-24T12:00:00.123456Z"


def test_a_304_without_history_is_kept_as_the_answer_it_was(writer: WarcWriter) -> None:
    raw = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    assert writer.write_exchange(exchange("http://gov.example/a", raw)).record == "response"
    writer.close()


def test_a_cut_answer_is_marked_and_never_stands_for_a_revisit(writer: WarcWriter) -> None:
    whole = writer.write_exchange(exchange("http://gov.example/a", page()))
    cut = writer.write_exchange(
        exchange("http://gov.example/a", NASTY["/short"], truncated="disconnect"),
        revisit_of=Original("http://gov.example/a", AT, whole.digest),
    )
    assert cut.record == "response"
    assert [item.header("WARC-Truncated") for item in records(writer) if item.type == "response"] == [None, "disconnect"]


def test_nothing_from_outside_can_add_a_header_line(writer: WarcWriter) -> None:
    evil = "http://gov.example/a\r\nX-Evil: 1\r\n\r\nWARC/1.1\x00<>"
    writer.write_exchange(exchange(evil, page(), protocol="http/1.1\r\nX-Evil: 2"))
    writer.write_metadata("urn:onrecord:x:\r\nX-Evil: 3", b"{}", concurrent_to="a\r\nX-Evil: 4")
    for record in records(writer):
        assert record.header("X-Evil") is None
        if record.type == "response":
            assert record.target == "http://gov.example/a%0D%0AX-Evil:%201%0D%0A%0D%0AWARC/1.1%00%3C%3E"


def test_the_certificate_chain_is_kept_once_a_file(writer: WarcWriter) -> None:
    tls = TlsInfo("tls/1.3", "TLS_AES_256_GCM_SHA384", (b"leaf", b"issuer"))
    for n in range(3):
        writer.write_exchange(exchange(f"https://gov.example/{n}", page(b"%d" % n), tls=tls))
    found = records(writer)
    chains = [item for item in found if (item.target or "").startswith("urn:onrecord:tls:")]
    assert len(chains) == 1
    assert chains[0].block.count(b"BEGIN CERTIFICATE") == 2
    answers = [item for item in found if item.type == "response"]
    assert {item.header("WARC-Cipher-Suite") for item in answers} == {"TLS_AES_256_GCM_SHA384"}
    assert [value for name, value in answers[0].headers if name == "WARC-Protocol"] == ["http/1.1", "tls/1.3"]


def test_files_rotate_by_size_between_exchanges_and_each_begins_with_a_warcinfo(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, rotate=2000)
    writer.begin_run({"software": "onrecord test"})
    for n in range(9):
        writer.write_exchange(exchange(f"http://gov.example/{n}", page(b"%d" % n)))
    files = writer.close()
    assert len(files) > 2
    for file in files:
        found = list(iter_records(tmp_path / file.name))
        assert found[0].type == "warcinfo"
        assert b"onrecord test" in found[0].block
        assert [item.type for item in found[1:]] == ["response", "request"] * (len(found) // 2)
        assert file.records == len(found)
        assert file.bytes == (tmp_path / file.name).stat().st_size


def test_rollback_takes_the_files_back_to_what_was_acknowledged(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, rotate=1500)
    writer.begin_run({})
    writer.write_exchange(exchange("http://gov.example/kept", page()))
    writer.sync()
    writer.acknowledge()
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.gz")}
    for n in range(6):
        writer.write_exchange(exchange(f"http://gov.example/{n}", page(b"%d" % n)))
    writer.sync()
    assert len(list(tmp_path.glob("*.gz"))) > 1
    writer.rollback()
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.gz")} == before
    writer.write_exchange(exchange("http://gov.example/after", page()))
    targets = [item.target for item in records(writer) if item.type == "response"]
    assert targets == ["http://gov.example/kept", "http://gov.example/after"]


def test_a_full_disk_is_one_clear_error_and_what_was_acknowledged_stays(tmp_path: Path) -> None:
    code = """
import resource, signal, sys
from pathlib import Path
from archive.errors import OnrecordError
from archive.warc import WarcWriter, iter_records
from tests.archive.warc.test_writer import exchange, page
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
folder = Path(sys.argv[1])
writer = WarcWriter(folder)
writer.begin_run({})
done = 0
import os
try:
    while True:
        writer.write_exchange(exchange(f"http://gov.example/{done}", page(os.urandom(3000))))
        writer.sync()
        writer.acknowledge()
        done += 1
except OnrecordError as error:
    writer.rollback()
    print(done, error.code, len([r for p in folder.glob("*.gz") for r in iter_records(p) if r.type == "response"]))
"""
    out = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True).stdout.split()
    assert int(out[0]) > 5
    assert out[1] == "evidence.write"
    assert out[2] == out[0]


def test_writing_before_a_run_has_begun_begins_a_file_of_its_own(tmp_path: Path) -> None:
    with WarcWriter(tmp_path) as writer:
        writer.write_exchange(exchange("http://gov.example/a", page()))
    (path,) = tmp_path.glob("*.warc.gz")
    assert [item.type for item in iter_records(path)] == ["warcinfo", "response", "request"]


def test_an_exception_leaves_only_what_was_acknowledged(tmp_path: Path) -> None:
    with pytest.raises(OnrecordError), WarcWriter(tmp_path) as writer:
        writer.write_exchange(exchange("http://gov.example/a", page()))
        raise OnrecordError("elsewhere")
    assert list(tmp_path.glob("*.warc.gz")) == []


def test_outside_judges_accept_every_kind_of_record(writer: WarcWriter) -> None:
    tls = TlsInfo("tls/1.2", "ECDHE", (b"leaf",))
    first = writer.write_exchange(exchange("https://gov.example/a", page(), tls=tls))
    original = Original("https://gov.example/a", AT, first.digest)
    for path, data in NASTY.items():
        writer.write_exchange(exchange(f"http://gov.example{path}", data, truncated="disconnect" if "short" in path else None))
    writer.write_exchange(exchange("https://gov.example/copy", page()), revisit_of=original)
    writer.write_exchange(exchange("https://gov.example/a", NASTY["/304"]), revisit_of=original)
    writer.write_metadata("urn:onrecord:visits:1", b"{}")
    writer.write_resource("urn:onrecord:portal:1", b"[portal]", media="application/toml")
    (file,) = writer.close()
    path = writer.folder / file.name
    for judge in (["warcio", "check", "-v"], ["fastwarc", "check", "-q"]):
        done = subprocess.run([BIN / judge[0], *judge[1:], path], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    assert subprocess.run(["gzip", "-t", path]).returncode == 0
    assert gzip.decompress(path.read_bytes()).count(b"WARC/1.1\r\n") == file.records
    assert all(parse_response(item.block).status for item in iter_records(path) if item.type == "response")
