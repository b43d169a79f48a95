from __future__ import annotations

from crawler.demo.truth import Expected, compare, newly_suspected, wrongly_missing

BASE = "http://127.0.0.1:9"
EDIT = Expected("edited", "/a", ("body", "dates"), declared="yes", detail="swap word")


def test_a_report_that_agrees_in_kind_address_and_fields_is_exact_whatever_its_order() -> None:
    moved = Expected("moved", "/c", from_url="/b")
    reported = [
        {"kind": "moved", "url": f"{BASE}/c", "from_url": f"{BASE}/b", "fields": ["links"]},
        {"kind": "edited", "url": f"{BASE}/a", "fields": ["dates", "body"], "declared": "yes"},
    ]
    comparison = compare([EDIT.at(BASE), moved.at(BASE)], reported)
    assert comparison.exact
    assert comparison.found == 2


def test_a_wrong_field_is_both_missing_and_extra() -> None:
    reported = [{"kind": "edited", "url": f"{BASE}/a", "fields": ["body"], "declared": "yes"}]
    comparison = compare([EDIT.at(BASE)], reported)
    assert [row["url"] for row in comparison.missing] == [f"{BASE}/a"]
    assert list(comparison.extra) == reported


def test_a_change_reported_twice_is_extra_once() -> None:
    row = {"kind": "edited", "url": f"{BASE}/a", "fields": ["body", "dates"], "declared": "yes"}
    comparison = compare([EDIT.at(BASE)], [row, dict(row)])
    assert not comparison.missing
    assert len(comparison.extra) == 1


def test_a_move_from_another_address_is_not_the_move_of_the_truth() -> None:
    moved = Expected("moved", "/c", from_url="/b").at(BASE)
    assert not compare([moved], [{"kind": "moved", "url": f"{BASE}/c", "from_url": f"{BASE}/x", "fields": []}]).exact


def test_a_page_is_newly_suspected_once() -> None:
    row = {"url": f"{BASE}/a", "state": "suspected"}
    (found,) = newly_suspected([], [row, {"url": f"{BASE}/b", "state": "gone"}])
    assert compare([Expected("gone", "/a", state="suspected").at(BASE)], [found]).exact
    assert not compare([Expected("gone", "/a", state="gone").at(BASE)], [found]).exact
    assert newly_suspected([row], [row]) == []


def test_a_live_page_listed_as_missing_is_told() -> None:
    listed = [{"url": f"{BASE}/a", "state": "gone"}, {"url": f"{BASE}/b", "state": "suspected"}]
    assert wrongly_missing({"/a": "gone", "/b": "suspected"}, listed, BASE) == []
    assert [row["url"] for row in wrongly_missing({"/a": "gone"}, listed, BASE)] == [f"{BASE}/b"]


def test_a_silent_edit_told_as_declared_is_not_the_truths() -> None:
    reported = [{"kind": "edited", "url": f"{BASE}/a", "fields": ["body", "dates"], "declared": "no"}]
    assert not compare([EDIT.at(BASE)], reported).exact
