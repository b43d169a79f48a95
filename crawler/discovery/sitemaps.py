"""Where are the portal's sitemaps, and what do they name? robots.txt, /sitemap.xml, news sitemaps, indexes."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from crawler.discovery.asking import Asker
from crawler.discovery.proposal import Found
from crawler.listings import Candidate, parse_sitemap

_NEWS = re.compile(r"news|post|article|press|blog", re.IGNORECASE)
MAX_FILES = 5  # read while exploring; a crawl reads all


async def find_sitemaps(asker: Asker, home: str, named: tuple[str, ...]) -> tuple[Found[tuple[str, ...]], list[Candidate]]:
    """The sitemaps to write down (an index stands for its files), and the addresses a few of their files name."""
    usual = urljoin(home, "/sitemap.xml")
    working: list[str] = []
    candidates: list[Candidate] = []
    files = 0
    for url in named or (usual,):
        if files >= MAX_FILES:
            working.append(url)  # named by robots.txt: believed
            continue
        answer = await asker.get(url)
        files += 1
        if answer is None or answer.status != 200:
            continue
        listing = parse_sitemap(answer.body, url=answer.final_url)
        if not listing.candidates and not listing.next_urls:
            continue
        working.append(answer.final_url)
        candidates += listing.candidates
        children = sorted(listing.next_urls, key=lambda child: not _NEWS.search(child))
        for child in children[: max(0, MAX_FILES - files)]:
            part = await asker.get(child)
            files += 1
            if part is not None and part.status == 200:
                candidates += parse_sitemap(part.body, url=part.final_url).candidates
    why = "robots.txt" if named else "/sitemap.xml"
    if not working:
        why = f"robots.txt names {len(named)}, none answers" if named else "robots.txt names none; /sitemap.xml is not there"
    return Found(tuple(working), why), candidates
