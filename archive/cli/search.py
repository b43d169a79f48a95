"""`onrecord search`: full text of every version, also of text that is gone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from archive.cli.filters import STATES, lang_option, limit_option, portal_option, section_option, since_option, until_option
from archive.cli.options import output_options
from archive.cli.session import Session, pass_session
from archive.output import Output

if TYPE_CHECKING:
    from archive.output.screen import Screen

FINDINGS = 6
KEYS = (
    "page",
    "url",
    "headline",
    "portal",
    "versions",
    "gone",
    "snippet",
    "score",
    "state",
    "datePublished",
    "inLanguage",
    "of_versions",
    "seen_at",
    "moved_to",
    "moved_page",
)


@click.command()
@click.argument("words", metavar="QUERY")
@portal_option
@section_option
@lang_option
@click.option("--status", type=STATES, help="Only pages that are live, suspected or gone.")
@since_option
@until_option
@click.option("--gone", is_flag=True, help="Only text that no version in force shows any more.")
@click.option("--context", type=click.IntRange(1, 20), default=2, show_default=True, help="Lines of text around a hit.")
@click.option("--sort", type=click.Choice(["newest", "rank"]), default="newest", help="Newest (the default) or best first.")
@limit_option
@click.option("--exit-code", is_flag=True, help="End with 6 where something was found.")
@pass_session
@output_options
def search(session: Session, output: Output, words: str, exit_code: bool, **filters: Any) -> int:
    """Search every version of every article, also text that is gone.

    All words are wanted; "words in quotes" as they stand; OR (in capitals) combines, -word excludes, word* is a beginning.

    \b
      onrecord search '"Font Size" OR resolution' --section Politics
      onrecord search 'minister -deputy' --gone --json
    """
    from archive import query
    from archive import search as archive_search

    with session.record() as record:
        filters["section"] = query.check_names(record, portal=filters["portal"], section=filters["section"])
        context = filters.pop("context")
        asked = words.encode("utf-8", "replace").decode("utf-8")
        found = archive_search.find(record, asked, **filters)
        hits = archive_search.tell(record, found, context=context)
        doubtful = filters["gone"] and not filters["status"] and _suspected(record, asked, filters)
        short = query.short_ids(record)
    if output.machine:
        output.rows(hits, KEYS)
    elif not hits:
        session.say("nothing found")
    else:
        with output.text() as screen:
            for hit in hits:
                _print(screen, hit, short)
    if doubtful:
        session.say("these words also stand on pages that may be gone, seen missing but not often enough: --status suspected")
    if found.cut:
        most = f"{archive_search.CANDIDATES:,}"
        session.say(f"only the newest {most} texts with these words were looked at; add a word to reach older ones")
    return FINDINGS if exit_code and hits else 0


def _suspected(record: Any, words: str, filters: Mapping[str, Any]) -> bool:
    """Whether pages suspected gone hold the words: nobody knows yet, so they are not among what is gone."""
    from archive import search as archive_search

    return bool(archive_search.search(record, words, **{**filters, "gone": False, "status": "suspected", "limit": 1}))


def _print(screen: Screen, hit: Mapping[str, Any], short: Callable[[str], str]) -> None:
    from rich.text import Text

    versions, all_of = hit["versions"], hit["of_versions"]
    where = f"@{versions[0]}" if len(versions) == 1 else f"@{versions[0]}..{versions[-1]}"
    line = Text.assemble((short(hit["page"]) + where, "id"), "  ", ((hit["datePublished"] or "")[:10].ljust(10), "dim"), "  ")
    line.append(hit["headline"] or hit["url"], style="title")
    screen.print(line, soft_wrap=True)
    found = Text("  ")
    for number, part in enumerate(re.split("[«»]", hit["snippet"])):
        found.append(part if number % 2 == 0 else f"«{part}»", style="" if number % 2 == 0 else "hit")
    screen.print(found)
    if hit["moved_to"]:
        screen.print(Text(f"  moved to {hit['moved_to']}", style="dim"))
    if hit["gone"]:
        why = "the page is gone" if hit["state"] == "gone" else "text since removed"
        screen.print(Text(f"  in {len(versions)} of {all_of} versions: {why}", style="gone"))
