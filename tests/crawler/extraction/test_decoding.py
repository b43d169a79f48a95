"""Bytes become the text their author typed, whatever header and meta claim."""

from __future__ import annotations

import pytest

from crawler.extraction.decoding import decode, http_charset

TEXTS = {
    "windows-1254": "Cumhurbaşkanı bugün toplantıda konuştu; okulların ısıtma sistemi yenileniyor ve çocuklar taşınıyor. ",
    "windows-1251": "Президент принял делегацию и отметил важность сотрудничества в области образования. ",
    "koi8-r": "Президент принял делегацию и отметил важность сотрудничества в области образования. ",
    "windows-1250": "Łódź jest miastem, w którym szkoły otrzymują nowe ogrzewanie przed zimą, świeżo pomalowane ściany. ",
    "windows-1252": "Les élèves des écoles recevront un nouveau chauffage à l’hiver, où les travaux sont déjà payés. ",
    "utf-16-le": "Президент принял делегацию 14 марта 2019 года. ",
    "utf-16-be": "Azərbaycan Prezidenti nümayəndə heyətini qəbul edib. ",
}
DECLARATIONS = {
    "absent": ("", None),
    "meta lies": ('<meta charset="utf-8">', None),
    "meta lies the old way": ('<meta http-equiv="Content-Type" content="text/html; charset=utf-8">', None),
    "header lies": ("", "text/html; charset=UTF-8"),
}


@pytest.mark.parametrize("repeat", [1, 20])
@pytest.mark.parametrize("declaration", DECLARATIONS)
@pytest.mark.parametrize("encoding", TEXTS)
def test_a_legacy_page_is_right_with_an_absent_or_lying_declaration(encoding: str, declaration: str, repeat: int) -> None:
    meta, header = DECLARATIONS[declaration]
    page = f"<html><head>{meta}<title>x</title></head><body><p>{TEXTS[encoding] * repeat}</p></body></html>"
    assert decode(page.encode(encoding), header).text == page


@pytest.mark.parametrize("encoding", [name for name in TEXTS if name != "koi8-r"])
def test_a_true_header_is_believed_over_a_lying_meta(encoding: str) -> None:
    page = f'<html><head><meta charset="iso-8859-1"></head><body>{TEXTS[encoding]}</body></html>'
    assert decode(page.encode(encoding), f"text/html; charset={encoding}").text == page


def test_a_polish_name_on_an_undeclared_german_page_says_that_it_is_windows_1250() -> None:
    german = "<html lang=de><body><p>Die Maßnahmen für den Flughafen {} wurden am Montag eröffnet. " + "Über Straßen. " * 40
    assert "Wrocław" in decode(german.format("Wrocław").encode("windows-1250")).text
    assert "2³ Grad, 5 m³ Wasser" in decode(german.format("2³ Grad, 5 m³ Wasser").encode("windows-1252")).text


def test_latin_1_means_windows_1252_as_in_browsers() -> None:
    page = "<html><head><meta charset=iso-8859-1></head><body>“quoted” – 5 €</body></html>"
    assert decode(page.encode("windows-1252")).text == page


def test_utf_8_is_utf_8_although_the_page_says_something_else() -> None:
    page = '<html><head><meta charset="windows-1251"></head><body>Bakı şəhəri</body></html>'
    found = decode(page.encode())
    assert (found.text, found.encoding) == (page, "utf-8")
    assert any("declared cp1251" in warning for warning in found.warnings)


def test_a_byte_order_mark_decides() -> None:
    assert decode(b"\xef\xbb\xbf<p>\xc9\x99</p>", "text/html; charset=windows-1251").text == "<p>ə</p>"
    assert decode("\ufeff<p>ə</p>".encode("utf-16-le")).text == "<p>ə</p>"


def test_a_few_broken_bytes_cost_those_characters_only_and_are_told() -> None:
    page = ("<p>" + "Bakı şəhəri, çörək və su. " * 40 + "</p>").encode()
    found = decode(page[:200] + b"\xff" + page[200:], "text/html; charset=utf-8")
    assert found.encoding == "utf-8"
    assert found.text.count("\ufffd") <= 2
    assert any("could not be decoded" in warning for warning in found.warnings)


def test_a_page_encoded_twice_by_its_server_is_told() -> None:
    twice = ("Azərbaycan Respublikasının Prezidenti " * 10).encode().decode("windows-1252", "replace").encode()
    assert any("twice" in warning for warning in decode(twice).warnings)


@pytest.mark.parametrize("body", [b"", b"\x00", b"\xff\xfe", b"\x00" * 5000, bytes(range(256)) * 20])
def test_no_bytes_are_too_strange(body: bytes) -> None:
    assert isinstance(decode(body, "text/html; charset=nonsense").text, str)


@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("text/html; charset=UTF-8", "UTF-8"),
        ('text/html;charset="koi8-r"', "koi8-r"),
        ("text/html", None),
        ("", None),
        (None, None),
    ],
)
def test_the_header_s_charset_is_its_parameter(header: str | None, charset: str | None) -> None:
    assert http_charset(header) == charset
