from __future__ import annotations

import io
import struct
import zlib

import pypdf

from crawler.demo.files import pdf, png


def test_the_pdf_is_read_back_word_for_word() -> None:
    lines = ["Government of (Velmara)", "Item 1: 42 merin \\ 7 per cent"]
    document = pypdf.PdfReader(io.BytesIO(pdf("Annex (1)", lines)), strict=True)
    assert document.metadata is not None
    assert document.metadata.title == "Annex (1)"
    text = document.pages[0].extract_text()
    assert [line.strip() for line in text.splitlines()] == lines


def test_the_png_has_valid_checksums_and_all_its_rows() -> None:
    data = png("a", 8, 4)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    place, kinds = 8, []
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        body = data[place + 4 : place + 8 + length]
        assert struct.unpack(">I", data[place + 8 + length : place + 12 + length])[0] == zlib.crc32(body)
        kinds.append(body[:4])
        if body[:4] == b"IDAT":
            assert len(zlib.decompress(body[4:])) == 4 * (1 + 3 * 8)
        place += 12 + length
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]


def test_another_name_is_another_picture() -> None:
    assert png("a") == png("a") != png("b")
