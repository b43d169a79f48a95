"""THE ONE READ PATH: functions that return rows; CLI, viewer, feeds and exports ask nothing but these and `archive.search`.

Each takes a read-only session of `archive.database.session(workspace, readonly=True)`. A page or version is named by a
reference (`archive.references`); NotFound says what is near.
"""

from archive.query.absence import absence
from archive.query.article import article_of, as_schema, show
from archive.query.as_of import as_of
from archive.query.blame import blame
from archive.query.calendar import changes_per_day, counted_since, day_rows, sections, years_of_change
from archive.query.changes import changes, gone
from archive.query.decided import DecisionRow, FurnitureRow, changed_slots, decisions, furniture
from archive.query.difference import Side, answer, diff, diff_of_move, two_texts
from archive.query.front_pages import day_of_capture, front_pages, sections_at
from archive.query.headlines import Titled, headlines
from archive.query.health import Rhythm, newest_visit, open_files, rhythms, running
from archive.query.history import Listed, history, listed, portals, runs, visits
from archive.query.ids import short_ids
from archive.query.known import KnownPage, known, visited_in
from archive.query.links import links
from archive.query.looks import Look, RevisitPage, asked_since, hints, looks, revisit_pages
from archive.query.moves import Move, moved_from, moved_to
from archive.query.named import check_names, check_portal, portal_names, section_names, spelled
from archive.query.oddities import OddityRow, oddities
from archive.query.pages import page, pages
from archive.query.places import ledger_place
from archive.query.reference import Resolved, last_content, resolve, version_at
from archive.query.rows import ChangeRow, GoneRow, LinkRow, PageRow, PortalRow, RunRow, VersionRow, VisitRow
from archive.query.sections import sections_of
from archive.query.spread import spread
from archive.query.stats import stats, totals
from archive.query.survival import survival
from archive.query.tempo import DAYS, first_edit_rows, first_edits, week, week_rows
from archive.query.texts import captures, texts
from archive.query.zone import zone_of

__all__ = [
    "DAYS",
    "ChangeRow",
    "DecisionRow",
    "FurnitureRow",
    "GoneRow",
    "KnownPage",
    "LinkRow",
    "Listed",
    "Look",
    "Move",
    "OddityRow",
    "PageRow",
    "PortalRow",
    "Resolved",
    "RevisitPage",
    "Rhythm",
    "RunRow",
    "Side",
    "Titled",
    "VersionRow",
    "VisitRow",
    "absence",
    "answer",
    "article_of",
    "as_of",
    "as_schema",
    "asked_since",
    "blame",
    "captures",
    "changed_slots",
    "changes",
    "changes_per_day",
    "check_names",
    "check_portal",
    "counted_since",
    "day_of_capture",
    "day_rows",
    "decisions",
    "diff",
    "diff_of_move",
    "first_edit_rows",
    "first_edits",
    "front_pages",
    "furniture",
    "gone",
    "headlines",
    "hints",
    "history",
    "known",
    "last_content",
    "ledger_place",
    "links",
    "listed",
    "looks",
    "moved_from",
    "moved_to",
    "newest_visit",
    "oddities",
    "open_files",
    "page",
    "pages",
    "portal_names",
    "portals",
    "resolve",
    "revisit_pages",
    "rhythms",
    "running",
    "runs",
    "section_names",
    "sections",
    "sections_at",
    "sections_of",
    "short_ids",
    "show",
    "spelled",
    "spread",
    "stats",
    "survival",
    "texts",
    "totals",
    "two_texts",
    "version_at",
    "visited_in",
    "visits",
    "week",
    "week_rows",
    "years_of_change",
    "zone_of",
]
