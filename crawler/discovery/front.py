"""What answers at the home page's address? The page, or the one error that says why there is none."""

from __future__ import annotations

from urllib.parse import urlsplit

from archive.errors import NotFound, OnrecordError, UsageError
from crawler.discovery.asking import Asker, Fetched, Robots
from crawler.listings.links import ParsedPage, refresh_target

MAX_REFRESHES = 2  # <meta http-equiv=refresh> followed from the home page


async def ask_front(asker: Asker, home: str, robots: Robots) -> ParsedPage:
    """The home page, where redirects and refreshes lead. NotFound: robots.txt forbids it; UsageError: no page;
    OnrecordError: no answer, or one that is not 200."""
    answer = await asker.get(home)
    if answer is None or answer.status == 0:
        raise _no_answer(home, answer, robots)
    if answer.status != 200:
        hint = "give the address of a page that is there"
        raise OnrecordError(f"{home} answers {answer.status}", hint=hint, code="portal.unreachable")
    page = await asker.page(home)
    for _ in range(MAX_REFRESHES):
        onwards = refresh_target(page) if page is not None else None
        page = await asker.page(onwards) if onwards else page
    if page is None:
        what = f"{home} is not HTML ({answer.content_type or 'no type'})"
        raise UsageError(what, hint="give the portal's home page", code="portal.not_html")
    return page


def _no_answer(home: str, answer: Fetched | None, robots: Robots) -> OnrecordError:
    host = urlsplit(home).netloc
    if robots.status >= 500:
        return OnrecordError(
            f"robots.txt of {host} answers {robots.status}, which means that nothing may be asked now (RFC 9309)",
            hint="try again later",
            code="portal.unreachable",
        )
    if answer is not None and answer.robots:
        return NotFound(
            f"robots.txt of {host} forbids {home}",
            hint="ask the publisher; [portal].robots can override it with a recorded reason",
            code="portal.robots",
        )
    why = robots.error or (answer.error if answer is not None else None) or "no answer"
    private = "ONRECORD_CRAWL_ALLOW_PRIVATE=1 permits loopback and private addresses" if "private" in why else None
    return OnrecordError(
        f"{home} does not answer: {why}",
        hint=private or "check the address; a portal that is down can be added later",
        code="portal.unreachable",
    )
