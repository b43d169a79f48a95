"""Two readings of a page: the fields its publisher changed, declared or not, muted or not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.diffing import apply, compare_articles
from archive.records import Article, Aside, Block, Image, RelatedLink, StatedDate

BODY = "The report names 47 member states.\n\nThey must answer before the end of the year.\n\nMore follows."
OLD = Article(
    url="https://gov.example/news/1",
    headline="Report: 47 states",
    articleBody=BODY,
    datePublished=StatedDate("2018-11-26", "26 November 2018", "time", 0.9),
    authors=("A. Writer",),
    links=(
        RelatedLink("body", "https://gov.example/a"),
        RelatedLink("attachment", "https://gov.example/a.pdf", "Report"),
        RelatedLink("related", "https://gov.example/news/0", "Before"),
    ),
    images=(Image("https://gov.example/i/1.jpg?w=300", caption="The minister"),),
    asides=(Aside("most_read", "Most read", "One thing\n\nAnother thing"),),
)
MODIFIED = StatedDate("2018-11-26T10:00:00+04:00", "", "meta", 0.9)


def edited_body(new: str) -> Article:
    return replace(OLD, articleBody=BODY.replace("47", new))


def test_equal_articles_have_no_fields() -> None:
    assert compare_articles(OLD, OLD).fields == ()


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"headline": "Report: 46 states"}, ("headline",)),
        ({"articleBody": BODY.replace("must", "may")}, ("body",)),
        ({"datePublished": StatedDate("2018-11-27", "", "time", 0.9)}, ("dates",)),
        ({"dateModified": MODIFIED}, ("dates",)),
        ({"authors": ("B. Writer",)}, ("authors",)),
        ({"links": (replace(OLD.links[0], url="https://gov.example/b"), *OLD.links[1:])}, ("links",)),
        ({"links": (OLD.links[0], replace(OLD.links[1], url="https://gov.example/b.pdf"), OLD.links[2])}, ("attachments",)),
        ({"links": OLD.links[:2]}, ("blocks",)),
        ({"images": ()}, ("images",)),
        ({"images": (replace(OLD.images[0], caption="The former minister"),)}, ("images",)),
        ({"asides": (Aside("most_read", "Most read", "A third thing\n\nAnother thing"),)}, ("blocks",)),
        ({"publisherNote": "Corrected: 46, not 47"}, ("blocks",)),
    ],
)
def test_each_field_is_its_own_change(change: dict[str, object], fields: tuple[str, ...]) -> None:
    diff = compare_articles(OLD, replace(OLD, **change))  # type: ignore[arg-type]
    assert diff.fields == fields
    assert diff.muted is None
    assert diff.blocks


@pytest.mark.parametrize(
    "change",
    [
        {"images": (Image("http://gov.example/i/1.jpg?w=640&v=3", caption="The minister"),)},
        {"headline": "Report: 47 states".replace(":", "&#58;")},
        {"links": (*OLD.links[1:], OLD.links[0])},
        {"datePublished": StatedDate("2018-11-26", "26.11.2018", "meta", 0.8)},
    ],
)
def test_another_way_to_write_the_same_is_no_change(change: dict[str, object]) -> None:
    assert compare_articles(OLD, replace(OLD, **change)).fields == ()  # type: ignore[arg-type]


@pytest.mark.parametrize("body", [BODY.replace(".\n\n", ";\n\n"), BODY.replace("must answer", "must\u00a0 answer")])
def test_typography_alone_is_muted_but_kept(body: str) -> None:
    diff = compare_articles(OLD, replace(OLD, articleBody=body))
    assert diff.muted in ("punctuation", "spacing")
    assert diff.fields == ("body",)
    assert apply(BODY, diff.blocks) == body
    assert diff.score == 0


def test_muted_paragraphs_are_left_out_of_a_real_edit() -> None:
    body = BODY.replace("47", "46").replace("More follows.", "More follows")
    diff = compare_articles(OLD, replace(OLD, articleBody=body))
    assert diff.muted is None
    assert [block["para"] for block in diff.blocks] == [1]


def test_an_edit_under_a_modified_date_that_stood_still_is_undeclared() -> None:
    old = replace(OLD, dateModified=MODIFIED)
    assert compare_articles(old, replace(old, articleBody=BODY.replace("47", "46"))).declared == "no"


def test_an_edit_with_a_moved_modified_date_or_a_change_note_is_declared() -> None:
    old = replace(OLD, dateModified=MODIFIED)
    later = replace(MODIFIED, value="2018-11-27T09:00:00+04:00")
    assert compare_articles(old, replace(old, articleBody=BODY.replace("47", "46"), dateModified=later)).declared == "yes"
    assert compare_articles(OLD, replace(edited_body("46"), publisherNote="Corrected")).declared == "yes"


def test_where_the_page_states_neither_nobody_can_tell() -> None:
    assert compare_articles(OLD, edited_body("46")).declared == "unknown"


def test_a_date_bump_without_an_edit_is_a_change_of_dates_alone() -> None:
    old = replace(OLD, dateModified=MODIFIED, articleBody=BODY + "\n\nLast updated: 26 November 2018")
    new = replace(
        OLD,
        dateModified=replace(MODIFIED, value="2018-11-28T09:00:00+04:00"),
        articleBody=BODY + "\n\nLast updated: 28 November 2018",
    )
    assert compare_articles(old, new).fields == ("dates",)


def test_a_learned_slot_mutes_its_own_changes_and_no_others() -> None:
    heading = "Most read"
    blocks = (Block("heading", heading),)
    old = replace(OLD, articleBody=f"{BODY}\n\n{heading}\n\nStorm in the south", blocks=blocks)
    new = replace(old, articleBody=f"{BODY}\n\n{heading}\n\nElection day set")
    (block,) = compare_articles(old, new).blocks
    assert compare_articles(old, new, noise={block["slot"]}).muted == block["slot"]
    both = replace(new, articleBody=new.articleBody.replace("47", "46"))
    assert compare_articles(old, both, noise={block["slot"]}).blocks[0]["para"] == 1
