"""Words that belong to an image, and text that stands in no paragraph."""

from __future__ import annotations

from lxml import html

from archive.records import Article
from crawler.extraction import read
from crawler.extraction.captions import captions_in
from crawler.extraction.loose_text import give_paragraphs

LINES = [
    "The ministry said on Monday that all of the forty-seven member states had agreed to the text of the resolution.",
    "Delegates are to meet again in the capital before the end of the year, and the talks will be open to the press.",
    "Nobody from the opposition had spoken against the plan, which the council had put forward during the summer.",
]


def page(inner: str) -> Article:
    text = f"<html><body><article><h1>All agree</h1>{inner}</article></body></html>"
    return read(text.encode(), url="https://gov.example/news/1", content_type="text/html; charset=utf-8").article


def captions(inner: str) -> list[str]:
    return list(captions_in(html.fromstring(f"<div>{inner}</div>")))


def test_a_short_text_in_a_wrapper_named_after_images_is_the_images_caption() -> None:
    assert captions('<div class="image"><img src="/a.jpg"><p>Jane Doe, Agency</p></div>') == ["Jane Doe, Agency"]
    assert captions('<div class="photo-box"><img src="/a.jpg"><span class="credit">Jane Doe</span></div>') == ["Jane Doe"]
    assert captions('<figure><img src="/a.jpg"><figcaption>A view</figcaption></figure>') == ["A view"]


def test_running_text_beside_an_image_is_no_caption() -> None:
    assert captions(f'<div class="text"><img src="/a.jpg"><p>{LINES[0]}</p></div>') == []
    assert captions(f'<div class="image-list"><img src="/a.jpg"><img src="/b.jpg"><p>{LINES[0]}</p></div>') == []
    assert captions(f'<div class="media"><img src="/a.jpg"><h2>News</h2><p>{LINES[0]}</p></div>') == []


def test_a_caption_is_the_images_and_not_the_bodys() -> None:
    text = "".join(f"<p>{line}</p>" for line in LINES)
    read_ = page(
        f'{text}<div class="image"><img src="/a.jpg" width="600"><p>Jane Doe, Agency</p></div>{text.replace("a", "o")}'
    )
    assert [image.caption for image in read_.images] == ["Jane Doe, Agency"]
    assert "Jane Doe" not in read_.articleBody


def test_text_left_bare_by_a_block_inside_a_paragraph_is_kept_whole() -> None:
    loose = f'<p><div class="image"><img src="/a.jpg"></div>{LINES[0]} <a href="/x">See here</a> and there for more.</p>'
    body = page(f"<div>{loose}<p>{LINES[1]}</p><p>{LINES[2]}</p></div>").articleBody.split("\n\n")
    assert body[0] == f"{LINES[0]} See here and there for more."


def test_menus_and_text_divided_by_line_breaks_are_left_alone() -> None:
    for inner in ("<p>One</p> | <a>Two</a> | <a>Three</a>", f"<p>One</p>{LINES[0]}<br>{LINES[1]}<br>"):
        tree = html.fromstring(f"<div>{inner}</div>")
        before = html.tostring(tree)
        give_paragraphs(tree)
        assert html.tostring(tree) == before
