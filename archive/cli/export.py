"""`onrecord export`: articles, versions and evidence as files for others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.cli.cells import counted
from archive.cli.filters import STATES, lang_option, portal_option, section_option, since_option, until_option
from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.errors import UsageError
from archive.export.placing import replacing
from archive.output import Output

if TYPE_CHECKING:
    from sqlalchemy.orm import Session as Record

KINDS = (".jsonl", ".csv", ".parquet", ".warc.gz", ".wacz", ".md", ".git")
_UNITS = {".warc.gz": "record", ".wacz": "record", ".md": "file", ".git": "commit"}


@click.command()
@click.option(
    "-o", "target", required=True, type=click.Path(path_type=Path), help="The file or folder; its ending is the format."
)
@portal_option
@section_option
@lang_option
@click.option("--state", type=STATES, help="Only pages that are live, suspected or gone.")
@since_option
@until_option
@click.option("--all-versions", "every", is_flag=True, help="Every version instead of the newest of each page.")
@click.option("--excel", is_flag=True, help="CSV with the byte order mark by which Excel knows UTF-8.")
@click.option("--force", is_flag=True, help="Replace what is there.")
@pass_session
@output_options
def export(session: Session, output: Output, target: Path, excel: bool, force: bool, **filters: Any) -> None:
    """Write articles to a file for others. The ending chooses the format:

    \b
      .jsonl     whole objects, as show --json prints them, one a line
      .csv       flat rows
      .parquet   flat rows, typed (needs onrecord[parquet]), with a .schema.json beside it
      .md/       a folder of Markdown files with YAML front matter, one a page
      .git/      a bare git repository: a file a page, a commit a change, dated when seen
      .warc.gz   the captures, as standard WARC
      .wacz      the captures as one file with index and full text (WACZ 1.1.1)

    \b
      onrecord export --section "Foreign press" -o press.parquet
      onrecord export --all-versions -o versions.jsonl
      onrecord export -o portal.git/ && git -C portal.git log --stat
    """
    from archive import query

    kind = _kind(target)
    if target.exists() and not force and (kind != ".md" or not target.is_dir()):
        raise UsageError(f"{target} exists already", hint="--force replaces it")
    if kind == ".git" and any(filters[name] for name in ("section", "lang", "state", "since", "until")):
        raise UsageError("a git repository tells whole histories: it can be of one --portal, not of a selection")
    with session.record() as record, _placed(target, kind) as part:
        filters["section"] = query.check_names(record, portal=filters["portal"], section=filters["section"])
        count = _write(session, record, kind, part, filters, excel=excel)
    written = [str(target)]
    if kind == ".parquet":
        written.append(str(_schema_beside(target)))
    told = counted(count, _UNITS.get(kind, "row"))
    output.one(
        {"files": written, "format": kind.removeprefix("."), "count": count},
        lambda screen: screen.print(f"{told}, {' + '.join(written)}", soft_wrap=True),
    )


def _write(session: Session, record: Record, kind: str, path: Path, filters: dict[str, Any], *, excel: bool) -> int:
    from archive import query
    from archive.export import folder, git, tables

    if kind in (".warc.gz", ".wacz"):
        return _evidence(session, record, kind, path, filters)
    if kind == ".git":
        portal = filters["portal"]
        changes = query.changes(record, portal=portal, muted=True)
        names = {row["portal"]: row["name"] for row in query.portals(record)}
        return git.git_repository(query.texts(record, portal=portal, every=True), changes[::-1], names, path)
    rows = query.texts(record, **filters)
    if kind == ".md":
        return folder.markdown_folder(rows, path, every=filters["every"])
    if kind == ".csv":
        return tables.csv(rows, path, excel=excel)
    writers: dict[str, Callable[..., int]] = {".jsonl": tables.jsonl, ".parquet": tables.parquet}
    return writers[kind](rows, path)


def _evidence(session: Session, record: Record, kind: str, path: Path, filters: dict[str, Any]) -> int:
    from archive import query, wacz

    selection = {name: value for name, value in filters.items() if name != "every"}
    pages = None
    if any(value for name, value in selection.items() if name != "portal"):
        pages = sorted({row["page"] for row in query.texts(record, **selection, every=True)})
    captures = query.captures(record, portal=filters["portal"], pages=pages)
    write = wacz.export_warc if kind == ".warc.gz" else wacz.export_wacz
    title = f"onrecord export of {filters['portal'] or session.workspace.root.name}"
    return write(session.workspace, record.connection(), captures, path, title=title)


def _kind(target: Path) -> str:
    found = next((kind for kind in KINDS if target.name.endswith(kind)), None)
    if found is None:
        raise UsageError(f"{target.name}: no format ends like this", hint=f"endings: {', '.join(KINDS)}")
    return found


@contextmanager
def _placed(target: Path, kind: str) -> Iterator[Path]:
    """A folder of Markdown files is written into; everything else comes into its place as a whole."""
    if kind == ".md":
        target.mkdir(parents=True, exist_ok=True)
        yield target
        return
    with replacing(target) as part:
        yield part


def _schema_beside(target: Path) -> Path:
    from archive.export.columns import table_schema
    from archive.output.safe import json_text

    path = target.with_suffix(".schema.json")
    path.write_text(json_text(table_schema(), indent=2) + "\n", encoding="utf-8")
    return path
