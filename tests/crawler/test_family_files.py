"""The family files are valid, recognise the pages shaped after them, and their rules read those pages as well as none."""

from __future__ import annotations

import pytest
from lxml import html

from crawler.extraction import read
from crawler.families import families, recognise
from crawler.portal import Portal
from tests.crawler.extraction.test_families import PAGES, expected, name

KNOWN = {"wordpress", "drupal", "gsb", "typo3", "hugo", "joomla", "bitrix", "dle", "sharepoint"}


@pytest.mark.parametrize("folder", [page for page in PAGES if page.name.split("-")[0] in KNOWN], ids=name)
def test_a_page_is_known_by_its_family_s_signs(folder):  # type: ignore[no-untyped-def]
    tree = html.fromstring((folder / "page.html").read_bytes())
    generator = " ".join(
        element.get("content", "") for element in tree.iter("meta") if (element.get("name") or "").lower() == "generator"
    )
    addresses = " ".join(element.get("href") or element.get("src") or "" for element in tree.iter("link", "script", "img"))
    found = recognise(generator, addresses)
    assert found is not None
    assert found[0].id == folder.name.split("-")[0]


@pytest.mark.parametrize("folder", PAGES, ids=name)
def test_a_portal_that_starts_from_its_family_reads_its_pages(folder):  # type: ignore[no-untyped-def]
    family = next(item for item in families() if item.id == folder.name.split("-")[0])
    about = {"id": "p", "name": "P", "home": expected(folder)["url"]}
    portal = Portal.model_validate({"schema": 1, "portal": about, "layout": [family.layout.model_dump(by_alias=True)]})
    article = read((folder / "page.html").read_bytes(), url=expected(folder)["url"], content_type=None, portal=portal).article
    assert article.headline == expected(folder)["title"]
    assert article.datePublished is not None
    assert article.datePublished.value[:10] == expected(folder)["date"]
    assert [text for text in expected(folder)["must"] if text not in article.articleBody] == []
