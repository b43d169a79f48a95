"""The commands this package adds to `onrecord` (entry-point group `onrecord.commands`)."""

from __future__ import annotations

from archive.cli.registry import Entry

COMMANDS: tuple[Entry, ...] = (
    Entry("add", "crawler.commands.add:add", "portals", "look at a portal and describe it in a file"),
    Entry(
        "crawl", "crawler.commands.crawl:crawl", "portals", "fetch what is new, look at known pages again, keep every answer"
    ),
    Entry("portal", "crawler.commands.portal:portal", "portals", "list, show, check, edit, try, pause or remove portals"),
    Entry("import", "crawler.commands.bring_in:import_files", "evidence", "bring in captures from WARC and WACZ files"),
    Entry("backfill", "crawler.commands.backfill:backfill", "evidence", "what public web archives hold of a portal's past"),
    Entry("rebuild", "crawler.commands.rebuild:rebuild", "evidence", "make the record again from the evidence alone"),
    Entry(
        "reextract",
        "crawler.commands.reextract:reextract",
        "evidence",
        "old captures read again under new rules: never an edit",
    ),
    Entry("demo", "crawler.demo.command:demo", "archive", "watch a small portal being edited, in a minute"),
    Entry("shell", "crawler.commands.shell:shell", "archive", "a Python prompt on one page, to try selectors and rules"),
    Entry("read", "crawler.commands.read:read", "portals", "saved pages into articles, without an archive"),
    Entry("compare", "crawler.commands.compare:compare", "portals", "two saved copies of a page: edited, noise, or the same"),
)
