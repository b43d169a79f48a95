"""`onrecord prove` and `onrecord verify-proof`: one file that others can check without this software."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("ref")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), required=True, help="Where the proof goes.")
@click.option(
    "--since", type=int, multiple=True, metavar="SIZE", help="Also show an older checkpoint of this size as a beginning."
)
@click.option("--with-verifier", is_flag=True, help="Write the stand-alone verifier (one Python file) beside the proof.")
@pass_session
def prove(session: Session, ref: str, target: Path, since: tuple[int, ...], with_verifier: bool) -> None:
    """Write a proof that the capture behind version REF (default: the last content) is in the ledger.

    It holds the record's bytes, its request, the path to the signed checkpoint, and the time stamps of that.

    \b
      onrecord prove a1f3c9@2 -o proof.json --with-verifier
      python3 verify_onrecord_proof.py proof.json
    """
    from archive import custody, ledger, query
    from archive.errors import NotFound
    from archive.query.reference import last_content

    with session.record() as record:
        asked = query.resolve(record, ref)
        version = asked.last or last_content(record, asked.page)
        if version["capture_id"] is None:
            raise NotFound(f"{ref}: this version stands on no answer, so there is nothing to prove")
        proof = ledger.prove(session.workspace, record.connection(), version["capture_id"], since=since)
    target.write_text(json.dumps(proof, indent=1), encoding="utf-8")
    custody.note(session.workspace, "proved", url=proof["url"], captured_at=proof["captured_at"], leaf=proof["index"])
    session.say(f"wrote {target}: leaf {proof['index']:,} of the ledger, {len(proof['tokens'])} time stamps")
    if with_verifier:
        script = target.with_name("verify_onrecord_proof.py")
        script.write_bytes(Path(ledger.standalone.__file__).read_bytes())
        session.say(f"wrote {script}")


@click.command("verify-proof")
@click.argument("file", type=_FILE)
@click.option("--key", help="The archive's verifier key as you know it from elsewhere.")
@click.option("--checkpoint", type=_FILE, multiple=True, help="An older checkpoint that you kept.")
@click.option("--tsa-roots", type=_FILE, help="Certificates (PEM) that you trust time stamping authorities by.")
@pass_session
@output_options
def verify_proof(
    session: Session, output: Output, file: Path, key: str | None, checkpoint: tuple[Path, ...], tsa_roots: Path | None
) -> None:
    """Check a proof that this or another archive made; needs no archive. Ends with 5 when it does not hold.

    \b
      onrecord verify-proof proof.json --key 'onrecord/archive+0a1b2c3d+AQ…'
    """
    from archive.errors import IntegrityError
    from archive.ledger import ProofError, check, timestamps

    older = [path.read_text(encoding="utf-8") for path in checkpoint]
    try:
        proof: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        shown = check(proof, key, older)
    except ProofError as error:
        raise IntegrityError(f"{file}: {error}", code="integrity.proof") from error
    except (ValueError, KeyError, TypeError, EOFError, OSError) as error:
        raise IntegrityError(f"{file}: a damaged proof: {error}", code="integrity.proof") from error
    if tsa_roots is not None:
        shown["time_stamps"] = timestamps.check_tokens(proof, timestamps.load_roots(tsa_roots.read_bytes()))
    if key is None:
        session.say("holds for the key inside the proof; --key compares it with one you know")

    def human(screen: Any) -> None:
        for name, value in {"holds": "yes", **shown}.items():
            screen.print(f"{name:18} {'none: an answer without a body' if value is None else value}", markup=False)

    output.one({"holds": True, **shown, "limits": proof["limits"]}, human)
