"""Byte for byte over a raw socket: what the server frames is what a wire tap must keep."""

from __future__ import annotations

import gzip
import re
import socket
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from lxml import etree, html

from crawler.demo.editions import Editions
from crawler.demo.server import DemoServer
from crawler.demo.site import Site, Traits
from crawler.demo.vocabulary import vocabulary


def exchange(server: DemoServer, path: str, *headers: str, method: str = "GET") -> tuple[bytes, bytes]:
    """Head and body of one answer, undecoded, over its own connection."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {address.netloc}", "Connection: close", *headers, "", ""]
        connection.sendall("\r\n".join(lines).encode())
        raw = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = raw.partition(b"\r\n\r\n")
    return head, body


def status(head: bytes) -> int:
    return int(head.split()[1])


def header(head: bytes, name: str) -> str | None:
    match = re.search(rf"^{name}: (.*?)\r?$", head.decode("latin-1"), re.MULTILINE | re.IGNORECASE)
    return match[1] if match else None


def dechunked(body: bytes) -> bytes:
    out = b""
    while True:
        size, _, body = body.partition(b"\r\n")
        length = int(size, 16)
        assert body[length : length + 2] == b"\r\n"
        if length == 0:
            assert body == b"\r\n"
            return out
        out, body = out + body[:length], body[length + 2 :]


def path_with(editions: Editions, wanted: Callable[[Traits], bool], number: int = 1, section: str | None = None) -> str:
    site = Site(editions, "http://x")
    return next(p for p, s in editions[number].stories.items() if wanted(site.traits(p)) and section in (None, s.section))


def test_a_page_with_an_etag_is_not_sent_again_to_a_client_that_has_it(server: DemoServer, editions: Editions) -> None:
    path = path_with(editions, lambda t: t.etag and not t.last_modified)
    head, body = exchange(server, path)
    tag = header(head, "ETag")
    assert body
    assert tag
    again, nothing = exchange(server, path, f"If-None-Match: {tag}")
    assert status(again) == 304
    assert nothing == b""
    assert header(again, "ETag") == tag
    assert header(again, "Content-Length") is None
    assert status(exchange(server, path, 'If-None-Match: "other"')[0]) == 200


def test_a_last_modified_page_is_fresh_until_its_edit(server: DemoServer, editions: Editions) -> None:
    site = Site(editions, server.url)
    edited = next(row.url for row in editions[2].truth if row.kind == "edited" and site.traits(row.url).last_modified)
    since = header(exchange(server, edited)[0], "Last-Modified")
    assert status(exchange(server, edited, f"If-Modified-Since: {since}")[0]) == 304
    server.set_edition(2)
    assert status(exchange(server, edited, f"If-Modified-Since: {since}")[0]) == 200


def test_a_none_match_is_asked_before_a_modified_since(server: DemoServer, editions: Editions) -> None:
    path = path_with(editions, lambda t: t.etag and t.last_modified)
    head, _ = exchange(server, path)
    since = f"If-Modified-Since: {header(head, 'Last-Modified')}"
    assert status(exchange(server, path, 'If-None-Match: "other"', since)[0]) == 200
    assert status(exchange(server, path, f"If-None-Match: {header(head, 'ETag')}", since)[0]) == 304


def test_pages_with_validators_are_the_same_bytes_and_the_others_never_are(server: DemoServer, editions: Editions) -> None:
    still = path_with(editions, lambda t: not t.live)
    live = path_with(editions, lambda t: t.live)
    assert exchange(server, still)[1] == exchange(server, still)[1]
    assert exchange(server, live)[1] != exchange(server, live)[1]


def test_chunked_pages_carry_no_length_and_reassemble(server: DemoServer, editions: Editions) -> None:
    path = path_with(editions, lambda t: t.chunked and not t.live)
    head, body = exchange(server, path)
    assert header(head, "Transfer-Encoding") == "chunked"
    assert header(head, "Content-Length") is None
    assert dechunked(body).rstrip().endswith(b"</html>")


def test_gzip_goes_only_to_clients_that_accept_it_and_has_its_own_etag(server: DemoServer, editions: Editions) -> None:
    path = path_with(editions, lambda t: t.gzip and t.etag and not t.chunked)
    plain_head, plain = exchange(server, path)
    coded_head, coded = exchange(server, path, "Accept-Encoding: gzip")
    assert header(plain_head, "Content-Encoding") is None
    assert header(coded_head, "Content-Encoding") == "gzip"
    assert header(coded_head, "Vary") == "Accept-Encoding"
    assert gzip.decompress(coded) == plain
    assert header(plain_head, "ETag") != header(coded_head, "ETag")


def test_gzip_and_chunked_go_together(server: DemoServer, editions: Editions) -> None:
    path = path_with(editions, lambda t: t.gzip and t.chunked)
    _, body = exchange(server, path, "Accept-Encoding: gzip")
    assert b"<h1>" in gzip.decompress(dechunked(body))


def test_windows_1251_is_declared_in_the_header_or_in_the_page_never_in_both(server: DemoServer, editions: Editions) -> None:
    declared = set()
    for path, story in editions[1].stories.items():
        if story.section != "politika":
            continue
        head, body = exchange(server, path)
        if header(head, "Transfer-Encoding"):
            body = dechunked(body)
        assert story.headline in html.fromstring(body.decode("windows-1251")).findtext(".//h1")
        in_header, in_page = "1251" in (header(head, "Content-Type") or ""), b"charset=windows-1251" in body
        assert in_header != in_page
        declared.add(in_header)
    assert declared == {True, False}


@pytest.mark.parametrize(("how", "expected"), [("404", 404), ("410", 410), ("soft404", 200), ("home", 302)])
def test_removed_pages_answer_each_in_its_way(server: DemoServer, editions: Editions, how: str, expected: int) -> None:
    path, removed = next((p, r) for p, r in editions[2].removed.items() if r.how == how)
    assert status(exchange(server, path)[0]) == 200
    server.set_edition(2)
    head, body = exchange(server, path)
    assert status(head) == expected
    lang = removed.story.lang
    if how == "home":
        assert header(head, "Location") == f"{server.url}/{lang}/"
    else:
        coding = "windows-1251" if removed.story.section == "politika" else "utf-8"
        assert vocabulary(lang).ui["missing_title"] in body.decode(coding)


def test_a_moved_page_points_to_its_new_address_for_good(server: DemoServer, editions: Editions) -> None:
    server.set_edition(4)
    moved = {path: removed for path, removed in editions[4].removed.items() if removed.to}
    assert len(moved) == 3
    for path, removed in moved.items():
        head, _ = exchange(server, path)
        assert (status(head), header(head, "Location")) == (301, f"{server.url}{removed.to}")
        assert removed.story.headline.encode() in exchange(server, removed.to)[1] or removed.story.section == "politika"


def test_one_connection_serves_many_requests(server: DemoServer, editions: Editions) -> None:
    address = urlsplit(server.url)
    path = path_with(editions, lambda t: t.etag)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        for _ in range(3):
            connection.sendall(f"HEAD {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            answer = connection.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
            assert b"Connection: keep-alive\r\n" in answer


def test_other_methods_are_refused(server: DemoServer) -> None:
    head, _ = exchange(server, "/en/", method="DELETE")
    assert status(head) == 405
    assert header(head, "Allow") == "GET, HEAD"


def test_lists_pages_feed_and_sitemaps_show_every_article_of_the_edition(server: DemoServer, editions: Editions) -> None:
    server.set_edition(3)
    listed = set()
    for lang in ("en", "az", "ru"):
        for section in vocabulary(lang).sections:
            target: str | None = f"/{lang}/{section}"
            while target:
                _, body = exchange(server, target)
                tree = html.fromstring(body.decode("windows-1251" if section == "politika" else "utf-8"))
                listed |= set(tree.xpath("//div[@class='news-item']/h2/a/@href"))
                target = next(iter(tree.xpath("//a[@class='next']/@href")), None)
    assert listed == editions[3].stories.keys()
    index = etree.fromstring(plain(exchange(server, "/sitemap.xml")))
    mapped = set()
    for location in index.iter("{*}loc"):
        tree = etree.fromstring(plain(exchange(server, location.text.removeprefix(server.url))))
        mapped |= {row.text.removeprefix(server.url) for row in tree.iter("{*}loc")}
    forgotten = {path for path, removed in editions[3].removed.items() if removed.how == "soft404"}
    assert mapped == listed | forgotten
    feed = etree.fromstring(plain(exchange(server, "/en/rss.xml")))
    assert len(feed.findall(".//item")) == 20


def plain(answer: tuple[bytes, bytes]) -> bytes:
    head, body = answer
    return dechunked(body) if header(head, "Transfer-Encoding") else body


def test_robots_forbids_the_print_pages_that_articles_link_to(server: DemoServer, editions: Editions) -> None:
    rules = exchange(server, "/robots.txt")[1].decode()
    assert "Disallow: /en/print/" in rules
    assert f"Sitemap: {server.url}/sitemap.xml" in rules
    assert b'href="/en/print/' in plain(exchange(server, path_with(editions, lambda t: True, section="economy")))


def test_articles_carry_the_furniture_of_the_portal(server: DemoServer, editions: Editions) -> None:
    story = next(s for s in editions[1].stories.values() if s.section == "organisations" and s.related)
    tree = html.fromstring(plain(exchange(server, story.path)).decode())
    crumbs = " ".join(tree.xpath("string(//div[@class='crumbs'])").split())
    assert crumbs == "You are here: Main page »» International organisations »»"
    tools = tree.xpath("//div[@class='tools']")
    assert re.fullmatch(r"\d+ comment Line Spacing\+- AFont Size\+- Print", " ".join(tools[0].text_content().split()))
    assert tree.xpath("//ul[@class='related']/li/a/@href") == [link.url for link in story.related]
    assert tree.xpath("//div[@class='fp-item']//h4/text()") == [item.headline for item in story.press]


def test_many_clients_are_served_at_once(server: DemoServer, editions: Editions) -> None:
    paths = list(editions[1].stories)[:40]
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda p=p: statuses.append(status(exchange(server, p)[0]))) for p in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert statuses == [200] * 40


def test_a_document_exchanged_in_place_answers_other_bytes_under_another_etag(server: DemoServer, editions: Editions) -> None:
    (path,) = editions[2].revisions
    before = exchange(server, path)
    server.set_edition(2)
    after = exchange(server, path)
    assert before[1].startswith(b"%PDF-")
    assert after[1] != before[1]
    assert status(exchange(server, path, f"If-None-Match: {header(before[0], 'ETag')}")[0]) == 200
    assert status(exchange(server, path, f"If-None-Match: {header(after[0], 'ETag')}")[0]) == 304
