"""Checkpoints stamped by two time stamping authorities, which are openssl on loopback."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select

from archive.database import open_engine
from archive.errors import IntegrityError
from archive.ledger import Ledger, check, prove, timestamps
from archive.models import Base
from archive.workspace import Workspace, create
from tests.archive.story import Portal, article

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")

CONFIG = """
[tsa]
default_tsa = one
[one]
dir = {folder}
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[ext]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
"""


@contextmanager
def authority(folder: Path) -> Iterator[str]:
    """A time stamping authority with a root of its own."""
    folder.mkdir()
    config = folder / "openssl.cnf"
    config.write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")

    def run(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    run("req", "-x509", *new_key, "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=Root", "-days", "2",
        "-config", str(_request_config(folder)), "-extensions", "ca")  # fmt: skip
    run("req", *new_key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", f"/CN={folder.name}",
        "-config", str(_request_config(folder)))  # fmt: skip
    run("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-out", "tsa.pem",
        "-days", "1", "-extfile", str(config), "-extensions", "ext")  # fmt: skip

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = folder / "query.tsq"
            query.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            run("ts", "-reply", "-config", str(config), "-queryfile", str(query), "-out", "reply.tsr")
            answer = (folder / "reply.tsr").read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def _request_config(folder: Path) -> Path:
    path = folder / "req.cnf"
    path.write_text(
        "[req]\ndistinguished_name = dn\n[dn]\n[ca]\nbasicConstraints = critical,CA:TRUE\n"
        "keyUsage = critical,keyCertSign,cRLSign\n"
    )
    return path


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
