"""Lines and names of a page: menus that were walked before, what is hidden, what was taken out since."""

from __future__ import annotations

from crawler.extraction.body import body_element
from crawler.extraction.markup import parse
from crawler.extraction.names import Names
from crawler.extraction.outline import Line, outline

MENU = (
    '<nav class="top"><ul><li><a href="/a">News</a></li><li hidden>Secret</li><li><a href="/b">Contact us</a></li></ul></nav>'
)
TEXT = "<p>" + "The council met on Monday and agreed on the budget of the coming year after a long debate. " * 6 + "</p>"


def lines_of(markup: str) -> list[Line]:
    tree = parse(f"<html><body>{markup}</body></html>").tree
    return outline(tree, Names(tree))


def test_a_menu_met_again_has_the_lines_it_had_with_the_elements_of_its_own_page() -> None:
    first, second = lines_of(MENU + "<p>One</p>"), lines_of("<p>Two</p>" + MENU)
    assert [line.text for line in first] == ["News", "Contact us", "One"]
    assert [line.text for line in second] == ["Two", "News", "Contact us"]
    assert [line.index for line in second] == [0, 1, 2]
    for ours, theirs in zip(second[1:], first, strict=False):
        assert ours.linked == theirs.linked == len(ours.text)
        assert ours.element.getroottree().getroot() is second[0].element.getroottree().getroot()
        assert [anchor.get("href") for anchor in ours.anchors] == [anchor.get("href") for anchor in theirs.anchors]
        assert all(ours.within(anchor.getparent()) or anchor.getparent() is ours.element for anchor in ours.anchors)


def test_menus_that_differ_in_what_they_hide_are_two() -> None:
    lines_of(MENU)
    assert [line.text for line in lines_of(MENU.replace(" hidden", ""))] == ["News", "Secret", "Contact us"]
    styled = MENU.replace(" hidden", ' style="DISPLAY : none"')
    assert [line.text for line in lines_of(styled)] == ["News", "Contact us"]


def test_names_are_found_in_page_order_and_not_in_what_was_taken_out() -> None:
    tree = parse('<body><p id="x crumbs">a</p><svg><a class="crumbs">b</a></svg><div class="crumbs">c</div></body>').tree
    names = Names(tree)
    sought = dict.fromkeys(("class", "id"), lambda value: "crumbs" in value)
    assert [element.text for element in names.elements(sought)] == ["a", "b", "c"]
    svg = tree.find(".//svg")
    assert svg is not None
    svg.drop_tree()
    assert [element.text for element in names.elements(sought)] == ["a", "c"]
    assert [element.text for element in names.elements(sought, ("div",))] == ["c"]


def test_looking_for_the_body_leaves_the_page_as_it_was() -> None:
    tree = parse(f"<body>before{MENU}after{TEXT}<footer>end<nav>inner</nav></footer>tail</body>").tree
    before = [(element.tag, element.text, element.tail) for element in tree.iter()]
    found, _ = body_element(tree, "http://portal.example/1", 600)
    assert found is not None
    assert "council met on Monday" in "".join(found.itertext())
    assert [(element.tag, element.text, element.tail) for element in tree.iter()] == before
