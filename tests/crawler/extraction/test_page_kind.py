"""What stands in a page's place is told from the page: block pages, login, maintenance, cookie walls, soft 404s."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from crawler.extraction import read
from crawler.extraction.page_kind import kind_of_answer
from tests.shared_data import shared

LONG = (
    "<p>" + "The committee discussed how pages not found and access denied are counted, and agreed on a method. " * 30 + "</p>"
)
PAGES = {
    "blocked": [
        "<title>Just a moment...</title><p>Enable JavaScript and cookies to continue</p>",
        (
            "<title>Access Denied</title><h1>Access Denied</h1>"
            "<p>You don't have permission to access this page on this server.</p>"
        ),
        (
            "<title>portal</title><script src='https://x.awswaf.com/challenge.js'></script>"
            "<noscript>JavaScript is disabled</noscript>"
        ),
        "<title>Доступ ограничен</title><p>Подтвердите, что вы не робот</p>",
    ],
    "soft404": [
        "<title>Page not found | Portal</title><h1>Page not found</h1><p>Try the search.</p>",
        "<title>Portal</title><h1>Səhifə tapılmadı</h1><p>Axtarışdan istifadə edin.</p>",
        "<title>Портал</title><h1>Страница не найдена</h1>",
        "<title>Portal</title><p>The page you requested could not be found.</p>",
    ],
    "maintenance": [
        "<title>Portal</title><h1>The site is down for maintenance</h1>",
        "<title>503 Service Unavailable</title><p>Back soon</p>",
    ],
    "login": ["<title>Sign in</title><form><input name=u><input type=password name=p></form><p>Please sign in to go on.</p>"],
    "cookie_wall": ["<title>Portal</title><p>Before you continue: accept all cookies or manage your cookies consent.</p>"],
    "page": [
        f"<title>How access is denied to robots</title><h1>How access is denied to robots</h1>{LONG}",
        f"<title>Report on pages</title><h1>Report on pages</h1>{LONG}<form><input type=password></form>",
        "<title>Notice</title><h1>Notice</h1><p>The office is closed on Friday.</p>",
    ],
}


@pytest.mark.parametrize(("kind", "page"), [(kind, page) for kind, pages in PAGES.items() for page in pages])
def test_a_page_says_what_it_is(kind: str, page: str) -> None:
    body = f"<html><head>{page.replace('</title>', '</title></head><body>', 1)}</body></html>".encode()
    assert read(body, url="http://portal.example/x", content_type="text/html; charset=utf-8").kind == kind


def recorded() -> list[tuple[Path, float]]:
    files = sorted(shared("change-pairs").joinpath("snapshot-quality").glob("*.json"))
    return [(path, float(re.search(r"-(\d\.\d+)__", path.name)[1])) for path in files]  # type: ignore[index]


def test_recorded_answers_are_told_apart_as_people_judged_them() -> None:
    wrong = []
    for path, quality in recorded():
        answer = json.loads(path.read_text(encoding="utf-8"))["data"]
        headers = {name.lower(): value for name, value in (answer["headers"] or {}).items()}
        length = answer["content_length"] or 0
        kind = kind_of_answer(answer["status"], headers, title=answer["title"] or "", length=length)
        if (quality < 0.5 and kind == "page") or (quality == 1.0 and kind != "page"):
            wrong.append((path.name, kind))
    assert wrong == []
