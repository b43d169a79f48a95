"""Ten answers that a parser would not give back as they came: the bytes, and whether the server closes after them."""

from __future__ import annotations

import gzip

from tests.site.raw import Answer

_GZIP = gzip.compress(b"hello" * 100, mtime=0)

NASTY: dict[str, bytes] = {
    "/folded": b"HTTP/1.1 200 OK\r\nX-Fold: a\r\n\t b\r\nContent-Length: 2\r\n\r\nok",
    "/case": b'HTTP/1.1 200 OK\r\neTaG: "x"\r\nCONTENT-type: text/html\r\nZ-1: 1\r\nA-2: 2\r\nContent-Length: 2\r\n\r\nok',
    "/duplicates": b"HTTP/1.1 200 OK\r\nX-A: 1\r\nX-B: 2\r\nX-A: 3\r\nx-a:4\r\nContent-Length: 2\r\n\r\nok",
    "/reason": b"HTTP/1.1 200 T\xc9\x99mam \xff\r\nno colon here\r\nContent-Length: 2\r\n\r\nok",
    "/chunked": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"a;ext=1\r\n" + _GZIP[:10] + b"\r\n%X\r\n" % (len(_GZIP) - 10) + _GZIP[10:] + b"\r\n0\r\n\r\n",
    "/trailers": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n2\r\nok\r\n0\r\nX-T: 1\r\n\r\n",
    "/until-close": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nuntil the end",
    "/short": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
    "/304": b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n',
    "/204": b"HTTP/1.1 204 No Content\r\nX: y\r\n\r\n",
}

ANSWERS = {path: Answer(data, close=path in ("/until-close", "/short")) for path, data in NASTY.items()}
