"""PDF, office and text files, made here byte by byte: their words, what they say about themselves, and what is refused."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest

from archive.records import Reading
from crawler.extraction import read

URL = "https://portal.example.az/files/decree"
PARAGRAPHS = [
    "The council of ministers has approved the programme for the repair of rural roads in the years to come.",
    "Works begin in the northern districts in April and are paid for from the budget of the republic.",
]
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>Decree 12</dc:title>'
    "<dc:creator>Office of the Council</dc:creator><dcterms:created>2024-03-05T09:00:00Z</dcterms:created>"
    "<dcterms:modified>2024-03-07T09:00:00Z</dcterms:modified></cp:coreProperties>"
)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ODF = 'xmlns:office="urn:o" xmlns:text="urn:t" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:meta="urn:m"'
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def zipped(**parts: str) -> bytes:
    """A bundle; a double underscore in a name stands for a slash, one for a full stop."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, text in parts.items():
            bundle.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return out.getvalue()


def reading(body: bytes, media: str | None = "application/octet-stream") -> Reading:
    return read(body, url=URL, content_type=media, at=datetime(2024, 5, 1, tzinfo=UTC))


def words(body: bytes) -> list[str]:
    return [block.text for block in reading(body).article.blocks]


def pdf(lines: list[list[str]], title: str = "Decree 12") -> bytes:
    """A PDF of one page a list, its text set line by line in Helvetica, with its properties."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>"]
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(len(lines)))
    objects += [f"<</Type/Pages/Kids[{kids}]/Count {len(lines)}>>", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    objects += [f"<</Title({title})/Author(Office of the Council)/CreationDate(D:20240305090000Z)/ModDate(D:20240307090000Z)>>"]
    for number, page in enumerate(lines):
        shown = " ".join(f"({line}) Tj T*" for line in page)
        stream = f"BT /F1 11 Tf 14 TL 60 780 Td {shown} ET"
        content = 6 + 2 * number
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents {content} 0 R>>",
            f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
        ]
    out, offsets = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj{text}endobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return out + f"{end}trailer<</Size {len(objects) + 1}/Root 1 0 R/Info 4 0 R>>\nstartxref\n{len(out)}\n%%EOF".encode()


def test_a_pdf_is_read_by_paragraphs_with_title_author_and_dates() -> None:
    first, second = PARAGRAPHS
    cut = first.index("repair")
    told = reading(pdf([[first[:cut], first[cut:], "", second[:50], second[50:]], ["It is in force at once."]]))
    article = told.article
    assert told.kind == "not_html"
    assert [block.text for block in article.blocks] == [first, second, "It is in force at once."]
    assert article.headline == "Decree 12"
    assert article.authors == ("Office of the Council",)
    assert article.datePublished is not None and article.datePublished.value == "2024-03-05"
    assert article.dateModified is not None and article.dateModified.value == "2024-03-07"
    assert article.inLanguage == "en"


def test_a_word_divided_at_the_end_of_a_line_is_one_word() -> None:
    assert words(pdf([["The council approved the pro-", "gramme for rural roads."]])) == [
        "The council approved the programme for rural roads."
    ]


def test_a_pdf_without_a_text_and_a_broken_one_are_told() -> None:
    assert reading(pdf([[]])).warnings == ("document: the PDF holds no text (scanned?)",)
    whole = pdf([PARAGRAPHS])
    assert any("PDF" in warning for warning in reading(b"%PDF-1.7\n" + whole[200:260]).warnings)


def test_a_docx_says_its_paragraphs_and_tables_and_not_what_was_struck_out() -> None:
    body = (
        f"<w:document {W}><w:body><w:p><w:r><w:t>{PARAGRAPHS[0]}</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>Total</w:t><w:tab/><w:t>12 million</w:t></w:r>"
        "<w:del><w:r><w:delText>15 million</w:delText></w:r></w:del>"
        '<w:r><w:instrText>HYPERLINK "x"</w:instrText></w:r></w:p>'
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>North</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>"
    )
    bundle = zipped(word__document_xml=body, docProps__core_xml=CORE)
    article = reading(bundle).article
    assert words(bundle) == [PARAGRAPHS[0], "Total 12 million", "North"]
    assert (article.headline, article.authors) == ("Decree 12", ("Office of the Council",))
    assert article.datePublished is not None and article.datePublished.value == "2024-03-05"


def test_an_odt_says_its_headings_and_paragraphs_and_not_its_tracked_deletions() -> None:
    body = (
        f"<office:document-content {ODF}><office:body><office:text><text:tracked-changes><text:p>Struck out.</text:p>"
        f"</text:tracked-changes><text:h>Decree on roads</text:h><text:p>{PARAGRAPHS[0]}</text:p>"
        "<text:p>North<text:tab/>12<text:s/>million</text:p></office:text></office:body></office:document-content>"
    )
    said = "<dc:title>Decree 12</dc:title><meta:creation-date>2024-03-05T09:00</meta:creation-date>"
    meta = f"<office:document-meta {ODF}>{said}</office:document-meta>"
    bundle = zipped(content_xml=body, meta_xml=meta)
    assert words(bundle) == ["Decree on roads", PARAGRAPHS[0], "North 12 million"]
    article = reading(bundle).article
    assert article.headline == "Decree 12"
    assert article.datePublished is not None and article.datePublished.value == "2024-03-05"


def test_a_spreadsheet_says_its_rows_in_the_order_of_its_sheets() -> None:
    strings = f"<sst {SHEET}><si><t>District</t></si><si><r><t>Nor</t></r><r><t>th</t></r></si></sst>"
    first = (
        f'<worksheet {SHEET}><sheetData><row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>Km</t></is></c></row>'
        '<row><c t="s"><v>1</v></c><c><f>6*7</f><v>42</v></c></row><row/></sheetData></worksheet>'
    )
    rows = [f"<worksheet {SHEET}><sheetData><row><c><v>{n}</v></c></row></sheetData></worksheet>" for n in (2, 10)]
    parts = {"xl__sharedStrings_xml": strings, "xl__worksheets__sheet1_xml": first}
    parts |= {"xl__worksheets__sheet10_xml": rows[1], "xl__worksheets__sheet2_xml": rows[0]}
    assert words(zipped(**parts)) == ["District\tKm", "North\t42", "2", "10"]


def test_slides_say_their_paragraphs() -> None:
    text = "<a:p><a:r><a:t>Roads</a:t></a:r><a:br/><a:r><a:t>in 2024</a:t></a:r></a:p>"
    assert words(zipped(ppt__slides__slide1_xml=f'<p:sld xmlns:p="urn:p" xmlns:a="urn:a">{text}</p:sld>')) == ["Roads in 2024"]


def test_a_plain_text_is_read_by_paragraphs_in_its_charset() -> None:
    body = "Постановление Совета\n\nРаботы начинаются\nв апреле.".encode("cp1251")
    article = reading(body, "text/plain; charset=windows-1251").article
    assert [block.text for block in article.blocks] == ["Постановление Совета", "Работы начинаются в апреле."]
    assert article.headline == "Постановление Совета"


@pytest.mark.parametrize(
    "body",
    [
        b"{\\rtf1\\ansi The council}",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        b"PK\x03\x04 cut off",
        zipped(readme_xml="<a/>"),
        zipped(word__document_xml="<w:document><w:p>not closed"),
    ],
    ids=["rtf", "doc", "cut zip", "other zip", "broken xml"],
)
def test_what_is_not_read_is_an_empty_text_with_a_warning(body: bytes) -> None:
    told = reading(body)
    assert told.kind == "not_html"
    assert told.article.articleBody == ""
    assert [warning.split(":")[0] for warning in told.warnings] == ["document"]


def test_a_file_that_unpacks_without_end_or_names_entities_is_not_followed() -> None:
    bomb = zipped(word__document_xml=f"<w:document {W}><w:p>" + "x" * 100_000_001 + "</w:p></w:document>")
    assert len(bomb) < 200_000
    assert reading(bomb).warnings == ("document: unpacks to more than is read",)
    entity = '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><d><p>Here: &e;</p></d>'
    assert "root:" not in reading(zipped(word__document_xml=entity)).article.articleBody


@pytest.mark.parametrize("body", [b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00>\x00\x01\x00\x00\x00" + bytes(64), bytes(500)])
def test_a_program_is_no_article(body: bytes) -> None:
    reading = read(body, url="http://portal.example/tool", content_type="text/html")
    assert (reading.kind, reading.article.articleBody) == ("not_html", "")


def test_utf_16_without_a_mark_is_no_program() -> None:
    page = "<html><head><title>Notice</title></head><body><h1>Notice</h1><p>The council met on Monday.</p></body></html>"
    assert read(page.encode("utf-16-le"), url="http://portal.example/", content_type=None).kind == "page"
