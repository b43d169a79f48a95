"""`onrecord show`: what a page says, in one of its versions."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from archive.cli.cells import counted
from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output
from archive.output.times import moment

MAX_BYTES = 256 * 1024 * 1024  # of a payload, after decompression

if TYPE_CHECKING:
    from archive.message import Message
    from archive.output.screen import Screen


@click.command()
@click.argument("ref")
@click.option("--text", "view", flag_value="text", help="The body alone, paragraphs divided by blank lines.")
@click.option("--meta", "view", flag_value="meta", help="The fields without the body.")
@click.option("--raw", "view", flag_value="raw", help="The payload's bytes as the server sent them.")
@click.option("--headers", "view", flag_value="headers", help="The answer's status line and headers.")
@click.option("--md", "view", flag_value="md", help="Markdown with the fields as YAML front matter.")
@pass_session
@output_options
def show(session: Session, output: Output, ref: str, view: str | None) -> None:
    """Show REF: a page's id or URL, with @2, @first, @last or @{2018-11-27} for one version.

    \b
      onrecord show a1f3c9
      onrecord show a1f3c9@1 --text
      onrecord show 'https://gov.example/news/1@{2018-11-27}' --json
    """
    from archive import query

    with session.record() as record:
        if view in ("raw", "headers"):
            answer = query.answer(record, session.workspace, ref, zone=output.tz)
            _raw(answer) if view == "raw" else _headers(answer, output)
            return
        row = query.show(record, ref, zone=output.tz)
        gone = None if output.machine else query.absence(record, ref, zone=output.tz)
    if view == "md":
        from archive.export.markdown import document

        with output.text() as screen:
            screen.print(document(row), soft_wrap=True)
        return
    drawn = _VIEWS.get(view or "", _whole)

    def human(screen: Screen) -> None:
        if gone is not None and drawn is not _text:
            _absent(screen, gone, output)
        drawn(screen, row, output)

    output.one(row, human, markdown=lambda: _markdown(row))


def _raw(answer: Message) -> None:
    """Bytes as they are into a file or a pipe; made harmless on a terminal."""
    from archive.message import decoded
    from archive.output.safe import visible

    body = decoded(answer, MAX_BYTES).body
    if sys.stdout.isatty():
        click.echo(visible(body.decode(answer.charset or "utf-8", "replace")))
    else:
        sys.stdout.buffer.write(body)


def _headers(answer: Message, output: Output) -> None:
    rows = [{"name": name, "value": value} for name, value in answer.headers]
    record = {"status": answer.status, "reason": answer.reason, "headers": rows}

    def human(screen: Screen) -> None:
        screen.print(f"HTTP {answer.status} {answer.reason}", style="title")
        for name, value in answer.headers:
            screen.print(f"{name}: {value}")

    output.one(record, human)


def _markdown(row: Mapping[str, Any]) -> str:
    from archive.export.markdown import document

    return document(row)


def _text(screen: Screen, row: Mapping[str, Any], _output: Output) -> None:
    screen.print(row["articleBody"])


def _absent(screen: Screen, gone: Mapping[str, Any], output: Output) -> None:
    from rich.text import Text

    since, last = (moment(gone[name], output.tz) for name in ("since", "last_seen"))
    looks = counted(gone["visits"], "visit")
    screen.print(Text(f"@{gone['version']} is no text: the page answered {gone['answer']}", style="gone"))
    screen.print(Text(f"from {since} to {last}, in {looks}", style="dim"))
    screen.print(Text(f"what follows is @{gone['last_good'].partition('@')[2]}", style="dim"))


def _whole(screen: Screen, row: Mapping[str, Any], output: Output) -> None:
    _meta(screen, row, output)
    screen.print()
    if row["articleBody"]:
        screen.print(row["articleBody"])
    else:
        screen.print("no text was read from this: --raw gives the bytes", style="dim")


def _meta(screen: Screen, row: Mapping[str, Any], output: Output) -> None:
    from rich.text import Text

    def line(name: str, value: Any, style: str = "") -> None:
        if value:
            text = Text(f"{name:<13} ", style="dim")
            text.append(str(value), style=style)
            screen.print(text)

    screen.print(Text(row.get("headline") or row["url"], style="title"))
    line("page", f"{row['page']}@{row['version']}", "id")
    line("url", row["url"])
    line("state", row["state"], row["state"])
    line("sections", " · ".join(row["sections"]))
    line("published", " ".join(filter(None, (row.get("datePublished"), _in_brackets(row.get("datePublishedSource"))))))
    line("modified", row.get("dateModified"))
    dateline = row.get("dateline") or {}
    line("dateline", ", ".join(filter(None, (dateline.get("place"), dateline.get("date")))))
    line("authors", ", ".join(author["name"] if isinstance(author, dict) else author for author in row.get("authors") or ()))
    line("language", row.get("inLanguage"))
    line("seen", f"{moment(row['first_seen'], output.tz)} to {moment(row['last_seen'], output.tz)}")
    for link in row.get("links") or ():
        what = " · ".join(filter(None, (link.get("title"), link.get("outlet"), link.get("date"), link.get("url"))))
        line(link["kind"].replace("_", " "), what)
    evidence = row.get("evidence")
    if evidence:
        line("evidence", f"{evidence['warc']}:{evidence['offset']}")
        line("captured", moment(evidence["captured_at"], output.tz))
        line("sha256", evidence["sha256"])


def _in_brackets(text: str | None) -> str | None:
    return f"({text})" if text else None


_VIEWS: dict[str, Callable[[Screen, Mapping[str, Any], Output], None]] = {"text": _text, "meta": _meta}
