"""The commands of the store itself."""

from __future__ import annotations

from archive.cli.registry import Entry

COMMANDS: tuple[Entry, ...] = (
    Entry("changes", "archive.cli.changes:changes", "front", "what was edited, moved or taken down"),
    Entry("diff", "archive.cli.diff:diff", "front", "what exactly changed between two versions"),
    Entry("search", "archive.cli.search:search", "front", "full text of every version, also of text that is gone"),
    Entry("serve", "archive.cli.serve:serve", "front", "the archive in a browser, read-only"),
    Entry("list", "archive.cli.list:list_pages", "pages", "the articles of the archive"),
    Entry("show", "archive.cli.show:show", "pages", "what a page says, in any of its versions"),
    Entry("log", "archive.cli.log:log", "pages", "the history of a page"),
    Entry("history", "archive.cli.log:log", "pages", "the history of a page", hidden=True),
    Entry("blame", "archive.cli.blame:blame", "pages", "which version brought each sentence, and what is gone"),
    Entry("gone", "archive.cli.changes:gone", "pages", "pages that are not served any more"),
    Entry("links", "archive.cli.links:links", "pages", "what an article points to, and what points to it"),
    Entry("cite", "archive.cli.cite:cite", "pages", "a version as a citation"),
    Entry("oddities", "archive.cli.oddities:oddities", "pages", "articles dated back or ahead, or dropped from their list"),
    Entry("mute", "archive.cli.decide:mute", "pages", "furniture whose changes are not told: show, mute, take back"),
    Entry("star", "archive.cli.decide:star", "pages", "pages to keep an eye on"),
    Entry("note", "archive.cli.decide:note", "pages", "notes about a page"),
    Entry("export", "archive.cli.export:export", "out", "articles, versions and evidence as files for others"),
    Entry("feed", "archive.cli.feed:feed", "out", "changes for feed readers: Atom or JSON Feed"),
    Entry("stats", "archive.cli.stats:stats", "out", "how much is published, edited and taken down"),
    Entry("notify", "archive.cli.notify:notify", "out", "alerts by webhook, mail, command or Apprise"),
    Entry("runs", "archive.cli.runs:runs", "portals", "crawls and how they ended"),
    Entry("verify", "archive.cli.evidence.verify:verify", "evidence", "is everything that was kept still what it was?"),
    Entry("prove", "archive.cli.evidence.prove:prove", "evidence", "one file that shows others what was captured, and when"),
    Entry("verify-proof", "archive.cli.evidence.prove:verify_proof", "evidence", "check such a file"),
    Entry("ledger", "archive.cli.evidence.ledger:ledger", "evidence", "the log of all captures, its checkpoints and witnesses"),
    Entry(
        "corroborate",
        "archive.cli.evidence.corroborate:corroborate",
        "evidence",
        "what public web archives hold of new and gone pages",
    ),
    Entry("copy", "archive.cli.evidence.copy:copy", "evidence", "copies of the evidence elsewhere, kept in step"),
    Entry("repair", "archive.cli.evidence.copy:repair", "evidence", "mend damage from good copies"),
    Entry("custody", "archive.cli.evidence.copy:custody", "evidence", "who did what to the evidence"),
    Entry("init", "archive.cli.init:init", "archive", "make an archive in a folder"),
    Entry("doctor", "archive.cli.doctor:doctor", "archive", "check this machine and the archive; --fix repairs"),
    Entry("config", "archive.cli.config:config", "archive", "show the settings in force and where they come from"),
    Entry("completion", "archive.cli.completion:completion", "archive", "print the completion script of a shell"),
)
