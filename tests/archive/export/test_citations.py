from __future__ import annotations

import json
from datetime import date, datetime
from html.parser import HTMLParser

import bibtexparser
import pytest
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st

from archive.export.citations import STYLES, Citable, citable

ROW = {
    "page": "a1f3c9",
    "version": 2,
    "headline": "Report: 46 member\n states agree",
    "url": "https://portal.example.az/en/news/123?a=1&b=2",
    "datePublished": "2018-11-26",
    "authors": [],
    "inLanguage": "en",
    "evidence": {"captured_at": "2018-11-27T06:02:00+04:00", "sha256": "07aa"},
}
OF = citable(ROW, "Example Portal")
ARCHIVED = "http://127.0.0.1:8001/web/20181127020200/https://portal.example.az/en/news/123?a=1&b=2"


def test_apa_names_site_date_title_and_retrieval() -> None:
    assert STYLES["apa"](OF) == (
        "Example Portal. (2018, November 26). Report: 46 member states agree. Retrieved November 27, 2018, from "
        f"https://portal.example.az/en/news/123?a=1&b=2 (archived at {ARCHIVED}; sha256 07aa)"
    )


def test_bluebook_puts_the_archived_copy_in_brackets() -> None:
    assert STYLES["bluebook"](OF) == (
        "Report: 46 member states agree, Example Portal (Nov. 26, 2018), https://portal.example.az/en/news/123?a=1&b=2 "
        f"[{ARCHIVED}] (captured Nov. 27, 2018; sha256 07aa)."
    )


def test_a_page_without_a_date_is_cited_without_one() -> None:
    undated = citable({**ROW, "datePublished": None}, "Example Portal")
    assert "(n.d.)" in STYLES["apa"](undated)
    assert "issued" not in json.loads(STYLES["csl-json"](undated))[0]
    assert "date =" not in STYLES["bibtex"](undated).replace("urldate =", "")


def test_a_robust_link_says_original_archived_copy_and_date() -> None:
    found: dict[str, str | None] = {}

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.update(attrs)

    Reader().feed(STYLES["robust-link"](OF))
    assert found["href"] == found["data-originalurl"] == ROW["url"]
    assert found["data-versionurl"] == ARCHIVED
    assert found["data-versiondate"] == "2018-11-27"


def test_csl_json_is_read_by_a_citation_processor() -> None:
    items = CiteProcJSON(json.loads(STYLES["csl-json"](OF)))
    (item,) = items.values()
    assert str(item["title"]) == "Report: 46 member states agree"
    assert item["type"] == "webpage"
    assert (item["issued"]["year"], item["issued"]["month"], item["issued"]["day"]) == (2018, 11, 26)


def parsed(entry: str) -> dict[str, str]:
    library = bibtexparser.parse_string(entry)
    assert not library.failed_blocks
    (found,) = library.entries
    return {"type": found.entry_type, "key": found.key, **{name: field.value for name, field in found.fields_dict.items()}}


def test_bibtex_is_read_by_a_library() -> None:
    entry = parsed(STYLES["bibtex"](OF))
    assert (entry["type"], entry["key"]) == ("online", "onrecord-a1f3c9-2")
    assert entry["url"] == ROW["url"]
    assert (entry["date"], entry["urldate"]) == ("2018-11-26", "2018-11-27")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=40))
def test_no_title_breaks_out_of_bibtex_or_html(title: str) -> None:
    of = Citable("a", 1, title, "Site", (), date(2018, 1, 2), "https://x/{1}", OF.captured_at, "00")
    assert set(parsed(STYLES["bibtex"](of))) >= {"title", "url", "urldate", "note"}
    assert STYLES["robust-link"](of).count("<") == 2


@pytest.mark.parametrize(
    ("authors", "who"), [(["A"], "A"), ([{"name": "A"}, {"name": "B"}], "A & B"), (["A", "B", "C"], "A, B & C")]
)
def test_authors_come_before_the_site(authors: list[object], who: str) -> None:
    text = STYLES["apa"](citable({**ROW, "authors": authors}, "Example Portal"))
    assert text.startswith(f"{who}. (2018")
    assert "agree. Example Portal. Retrieved" in text


def test_the_viewer_can_be_another() -> None:
    of = citable(
        {**ROW, "evidence": {"captured_at": datetime.fromisoformat("2018-11-27T02:02:00Z"), "sha256": "0"}},
        "S",
        "https://a.example/",
    )
    assert of.archived.startswith("https://a.example/web/20181127020200/https://portal")
