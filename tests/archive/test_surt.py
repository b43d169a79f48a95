"""Our urlkeys are those of the indexer that other tools take theirs from."""

from __future__ import annotations

import pytest

from archive.surt import surt

judge = pytest.importorskip("surt", reason="the surt package comes with cdxj-indexer")

URLS = [
    "http://127.0.0.1:18471/plain",
    "https://www.Example.AZ/News/?b=1&a=2",
    "http://example.com/?",
    "http://example.com/a/../b/./c//d/",
    "http://example.com/%D0%BF%d1%80/%2525",
    "http://example.com/привет?q=тест&Q=ə",
    "https://user:pw@www2.gov.az:443/x",
    "http://gov.az:8080/x?phpsessid=0123456789abcdef0123456789abcdef&x=1",
    "http://gov.az/x?x=1&sid=0123456789abcdef0123456789abcdef",
    "http://gov.az/x#frag",
    "http://gov.az/../x",
    "http://gov.az/a%20b c?d e",
    "http://www.gov.az./x",
    "urn:onrecord:visits:AbC-123",
    "urn:pageinfo:http://www.example.com/X?b=1&a=2",
    "dns:www.gov.az",
    "http://gov.az/(a(4hqa0555fwsecu455xqckv45)S(4hqa0555fwsecu455xqckv45)f(4hqa0555fwsecu455xqckv45))/mileg.aspx",
    "http://gov.az/x?a=&b&a=1",
    "http://gov.az/a%2Fb%3Fc?b=%26%3D",
    "http://[::1]:80/x",
    "http://2130706433/x",
    "http://муниципал.рф/x",
    "http://gov.az/%zz?%u0123",
]


@pytest.mark.parametrize("url", URLS)
def test_urlkeys_equal_those_of_the_reference(url: str) -> None:
    assert surt(url) == judge.surt(url)
