"""What a page needs to look as it did: style sheets for screens and the pictures of its head, and no more."""

from __future__ import annotations

from crawler.extraction import read

URL = "https://portal.example/en/news/1"
TEXT = "<p>The ministry opened a bridge over the river on Tuesday, and a second one will follow in spring.</p>" * 4


def test_style_sheets_for_screens_and_logos_are_named() -> None:
    page = f"""<head><link rel="stylesheet" href="/css/site.css?v=3"><link rel="Stylesheet" href="print.css" media="print">
<link rel="icon" href="/icon.png"><link rel="stylesheet" href="data:text/css,p{{}}">
<link rel="alternate stylesheet" href="https://cdn.example/dark.css"></head>
<body><header><img src="/img/crest.png"></header><div class="site-logo"><a><img src="name.svg"></a></div>
<h1>Bridge</h1>{TEXT}<img src="/img/bridge.jpg"><aside><img src="/img/thumbnail-7.jpg"></aside></body>"""
    reading = read(page.encode(), url=URL, content_type="text/html; charset=utf-8")
    assert reading.styles == ("https://portal.example/css/site.css?v=3", "https://cdn.example/dark.css")
    assert reading.logos == ("https://portal.example/img/crest.png", "https://portal.example/en/news/name.svg")


def test_a_page_with_thousands_names_a_few() -> None:
    sheets = "".join(f"<link rel=stylesheet href=/{n}.css>" for n in range(3000))
    reading = read(f"{sheets}<h1>Bridge</h1>{TEXT}".encode(), url=URL, content_type="text/html")
    assert len(reading.styles) == 20
