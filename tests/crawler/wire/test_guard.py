"""No private address is connected to unless that is allowed, whatever the name in front of it."""

from __future__ import annotations

import pytest

from crawler.wire import SETTINGS, is_public
from tests.crawler.wire.crawl import fetch
from tests.site.raw import reply, serve


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "localhost", "",
    ],
)  # fmt: skip
def test_addresses_that_are_not_of_the_public_internet_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "193.140.1.1", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_pass(address: str) -> None:
    assert is_public(address)


def test_loopback_is_refused_at_connect_under_every_spelling() -> None:
    with serve({"/": reply(200, b"secret")}) as server:
        hosts = ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "0", "[::1]", "[::ffff:127.0.0.1]"]
        urls = [f"http://{host}:{server.port}/" for host in hosts]
        found = fetch(urls, ONRECORD_ALLOW_PRIVATE=False, ROBOTSTXT_OBEY=False)
        assert server.asked == []
        assert server.connections == 0
    assert len(found) == len(urls)
    for result in found:
        assert result["kind"] == "failure", result["url"]
        assert result["exchanges"] == []


def test_only_http_and_https_are_fetched() -> None:
    urls = ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:text/plain,x", "s3://bucket/key"]
    found = fetch(urls, ROBOTSTXT_OBEY=False)
    assert [item["kind"] for item in found] == ["failure"] * 4


def test_a_redirect_to_a_file_or_a_private_address_is_not_followed() -> None:
    with serve({"/file": reply(302, b"", "Location: file:///etc/passwd")}) as server:
        found = [item for item in fetch([server.url("/file")]) if item["kind"] != "robots"]
    assert all(b"root:" not in item["body"] for item in found)


def test_private_addresses_are_refused_unless_the_setting_says_otherwise() -> None:
    assert SETTINGS["ONRECORD_ALLOW_PRIVATE"] is False
