"""Is every page decoded right whatever its declaration says? Real UTF-8 pages written anew in legacy encodings.

    python -m tests.benchmarks.reading_encodings

Each page is re-encoded (characters the encoding lacks become character references, as editors do) and offered without a
declaration, with one that lies ("utf-8"), and with a header that lies. A page is right when its text comes back to the letter.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from crawler.extraction.decoding import decode
from tests.benchmarks.reading import measuring_data

LANGUAGES = {
    "windows-1250": {"pl", "cs", "hu", "de", "hr"},
    "windows-1251": {"ru", "uk", "bg"},
    "windows-1252": {"de", "fr", "es", "pt", "it", "sv", "da", "is"},
    "windows-1254": {"tr", "az"},
    "koi8-r": {"ru"},
    "utf-16-le": {"en", "de", "ru", "fr"},
    "utf-16-be": {"en", "de", "ru", "fr"},
}
_META = re.compile(r"<meta\b[^>]*charset[^>]*>", re.IGNORECASE)
_LIE = '<meta charset="utf-8">'


def sources(folder: Path) -> Iterator[tuple[str, str]]:
    """Language and text of the benchmark's own pages that are clean UTF-8."""
    for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        page = json.loads(line)
        body = gzip.decompress((folder / page["file"]).read_bytes())
        try:
            text = body.decode("utf-8-sig")
        except UnicodeDecodeError:
            continue
        language = page["lang"] or (re.search(r'<html[^>]*lang="(\w\w)', text) or ["", ""])[1]
        yield language, text


def variants(text: str, encoding: str) -> Iterator[tuple[str, bytes, str | None, str]]:
    """Mode, bytes, Content-Type and the text that must come back."""
    bare = _META.sub("", text)
    lying = re.sub(r"(<head[^>]*>)", rf"\1{_LIE}", bare, count=1, flags=re.IGNORECASE)
    for mode, page, header in (
        ("absent", bare, None),
        ("meta lies", lying, None),
        ("header lies", bare, "text/html; charset=utf-8"),
    ):
        data = page.encode(encoding, "xmlcharrefreplace")
        yield mode, data, header, data.decode(encoding)


def count(pages: list[tuple[str, str]]) -> dict[tuple[str, str], Counter[bool]]:
    """Right and wrong answers by encoding and mode."""
    counts: dict[tuple[str, str], Counter[bool]] = {}
    for encoding, languages in LANGUAGES.items():
        for language, text in pages:
            if language in languages:
                for mode, data, header, expected in variants(text, encoding):
                    counts.setdefault((encoding, mode), Counter())[decode(data, header).text == expected] += 1
    return counts


def main() -> None:
    """Print the table."""
    print(f"{'encoding':14} {'declaration':12} {'right':>6} {'of':>4}")
    for (encoding, mode), found in count(list(sources(measuring_data("bench-encodings", "extraction-dev")))).items():
        print(f"{encoding:14} {mode:12} {found[True]:6} {found.total():4}")


if __name__ == "__main__":
    main()
