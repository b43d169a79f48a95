"""Lines of most articles are found; what an article says of its own never is."""

from __future__ import annotations

from crawler.boilerplate import MIN_TEXTS, Line, Text, learn

FRAME = "This is historical material and is no longer updated."
FOOT = "Write to the press office of the ministry."


def text(n: int, *paragraphs: str, language: str = "en", headline: str | None = None) -> Text:
    own = tuple(f"Paragraph {part} of article {n} says what no other article says, {'and more, ' * 9}." for part in range(4))
    return Text(language, headline or f"Decision {n} of the council", (*paragraphs[:1], *own, *paragraphs[1:]))


def test_lines_at_the_ends_of_most_articles_are_learned_with_how_many_bear_them() -> None:
    texts = [text(n, FRAME, FOOT) for n in range(18)] + [text(n, "An opening of its own.") for n in range(18, 20)]
    assert set(learn(texts)) == {Line(FRAME, 18, 20), Line(FOOT, 18, 20)}


def test_a_heading_within_the_articles_is_theirs_however_often_it_stands() -> None:
    assert learn(text(n, "One's own opening", "Quick facts", f"Fact {n} of the matter.") for n in range(40)) != ()
    assert "Quick facts" not in [line.text for line in learn(text(n, FRAME, "Quick facts", f"Fact {n}.") for n in range(40))]


def test_a_line_next_to_the_edge_counts_where_only_such_lines_stand_beyond_it() -> None:
    texts = [text(n, FRAME, "Share this page", FOOT) for n in range(20)]
    assert {line.text for line in learn(texts)} == {FRAME, "Share this page", FOOT}
    once_more = [text(n, FRAME, "Share this page", f"Closing words {n}.") for n in range(20)]
    assert {line.text for line in learn(once_more)} == {FRAME}


def test_nothing_is_learned_from_few_texts_or_from_a_line_of_a_few() -> None:
    assert learn(text(n, FRAME) for n in range(MIN_TEXTS - 1)) == ()
    assert learn([text(n, FRAME) for n in range(15)] + [text(n, "Other words") for n in range(15, 22)]) == ()


def test_each_language_is_asked_apart() -> None:
    texts = [text(n, FRAME) for n in range(40)] + [text(n, "Arxiv materialı.", language="az") for n in range(12)]
    assert {(line.text, line.of) for line in learn(texts)} == {(FRAME, 40), ("Arxiv materialı.", 12)}


def test_texts_that_are_mostly_the_same_words_are_no_boilerplate() -> None:
    same = [Text("en", f"Notice {n}", ("The office is closed on Monday.", f"Notice {n}.")) for n in range(30)]
    assert learn(same) == ()


def test_the_site_s_name_in_most_headlines_is_learned() -> None:
    texts = [text(n, headline=f"Decision {n} of the council - Ministry of Works") for n in range(20)]
    assert [line.text for line in learn(texts)] == ["Ministry of Works"]
