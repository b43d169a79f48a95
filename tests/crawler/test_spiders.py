"""A portal whose listing is an API names its spider: a class beside its file that says what the listing shows."""

from __future__ import annotations

import json
from pathlib import Path

from tests.crawler.commands.calls import onrecord
from tests.crawler.small_portal import archive_of, small_portal

SPIDER = '''
from crawler.listings import Candidate, Listing
from crawler.spiders.portal import PortalSpider


class ApiSpider(PortalSpider):
    """Its listing is JSON: {"items": [{"path", "title", "date"}], "next"}."""

    def listing(self, response, pending):
        if pending.via != "section":
            return super().listing(response, pending)
        told = response.json()
        shown = [
            Candidate(response.urljoin(item["path"]), item["title"], item["date"], place)
            for place, item in enumerate(told["items"])
        ]
        return Listing(tuple(shown), (response.urljoin(told["next"]),) if told["next"] else ())
'''


def items(numbers: range, following: str | None) -> str:
    shown = [{"path": f"/en/news/{n}", "title": f"Statement number {n}", "date": f"2024-03-0{n}"} for n in numbers]
    return json.dumps({"items": shown, "next": following})


def test_a_json_listing_is_crawled_page_by_page_by_the_class_the_file_names(tmp_path: Path) -> None:
    with small_portal(6) as portal:
        portal.put("/", "<!doctype html><title>Ministry</title><h1>Ministry</h1><div id=app></div>")
        portal.put("/api/news?page=1", items(range(1, 4), "/api/news?page=2"), headers={"Content-Type": "application/json"})
        portal.put("/api/news?page=2", items(range(4, 7), None), headers={"Content-Type": "application/json"})
        archive = archive_of(tmp_path / "archive", portal)
        path = archive / "portals" / "small.toml"
        text = path.read_text().replace('"/en/news/"', '"/api/news?page=1"')
        path.write_text(text.replace("[politeness]", 'spider = "small_api:ApiSpider"\n[politeness]'))
        (archive / "portals" / "small_api.py").write_text(SPIDER, encoding="utf-8")
        done = onrecord(archive, "crawl", "small", "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)[0]["new"] == 6
        listed = json.loads(onrecord(archive, "list", "--json").stdout)
        assert {row["url"].rpartition("/")[2] for row in listed} == {"1", "2", "3", "4", "5", "6"}
        assert all(row["sections"] == ["News"] for row in listed)


def test_a_spider_that_cannot_be_had_is_told_in_one_line(tmp_path: Path) -> None:
    with small_portal(1) as portal:
        archive = archive_of(tmp_path / "archive", portal)
        path = archive / "portals" / "small.toml"
        path.write_text(path.read_text().replace("[politeness]", 'spider = "nowhere:Api"\n[politeness]'))
        done = onrecord(archive, "crawl", "small")
        assert (done.returncode, "portal.spider 'nowhere:Api' cannot be imported" in done.stderr) == (2, True), done.stderr
