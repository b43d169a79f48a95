"""Does a portal file still fit its portal? What a look can test is tested: home, feeds, sitemaps, sections, articles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from archive.records import Reading
from crawler import extraction
from crawler.discovery.asking import Asker, Fetch, Fetched
from crawler.discovery.languages import language_of
from crawler.discovery.shapes import generalise, grouped
from crawler.extraction.plain_text import flat
from crawler.listings import Listing, parse_feed, parse_listing, parse_sitemap
from crawler.listings.links import PageLink, ParsedPage
from crawler.portal import Portal, Section

SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Check:
    """One line tested: `ok` None where it could not be (no request left)."""

    check: str  # home, language, feed, sitemap, section, articles, article
    subject: str
    ok: bool | None
    detail: str
    hint: str | None = None


async def check_portal(portal: Portal, fetch: Fetch, *, max_requests: int = 40) -> list[Check]:
    """All checks of a portal, home first. Never raises for what the portal does."""
    asker = Asker(fetch, max_requests)
    checks = await _home(portal, asker)
    if checks[0].ok is False:
        return checks
    shown: list[str] = []
    for feed in portal.discover.feeds:
        checks.append(await _feed(portal, asker, feed, shown))
    for sitemap in portal.discover.sitemaps:
        checks.append(await _sitemap(portal, asker, sitemap))
    for section in portal.section:
        before = len(shown)
        checks.append(await _section(portal, asker, section, shown))
        if section.path and shown[before:]:
            checks.append(await _path(portal, asker, section, shown[before]))
    return checks + await _articles(portal, asker, shown)


async def _home(portal: Portal, asker: Asker) -> list[Check]:
    home = portal.about.home
    answer = await asker.get(home)
    if answer is None or answer.status != 200:
        if answer is not None and answer.robots:
            return [
                Check(
                    "home", home, False, "robots.txt forbids it", '[portal] robots = { obey = false, reason = "…" } if you must'
                )
            ]
        status = (
            f"answers {answer.status}"
            if answer is not None and answer.status
            else f"no answer: {answer.error if answer else ''}"
        )
        return [Check("home", home, False, status, "has the portal moved? onrecord portal edit " + portal.about.id)]
    checks = [Check("home", home, True, "200")]
    page = await asker.page(home)
    language = language_of(page) if page is not None else None
    if language and portal.about.languages and language not in portal.about.languages:
        hint = f"add it to [portal] languages = {[*portal.about.languages]}"
        checks.append(Check("language", home, False, f"the home page is in {language}", hint))
    return checks


async def _feed(portal: Portal, asker: Asker, url: str, shown: list[str]) -> Check:
    answer = await asker.get(portal.absolute(url))
    if answer is None:
        return _not_asked("feed", url)
    if answer.status != 200:
        return Check(
            "feed", url, False, f"answers {answer.status or answer.error}", "onrecord add … --refresh looks for it anew"
        )
    everything = parse_feed(answer.body, url=answer.final_url, content_type=answer.content_type)
    ours = parse_feed(answer.body, url=answer.final_url, content_type=answer.content_type, portal=portal)
    shown += [item.url for item in ours.candidates]
    return _judged("feed", url, portal, everything, ours)


async def _sitemap(portal: Portal, asker: Asker, url: str) -> Check:
    answer = await asker.get(portal.absolute(url))
    if answer is None:
        return _not_asked("sitemap", url)
    if answer.status != 200:
        return Check(
            "sitemap", url, False, f"answers {answer.status or answer.error}", "onrecord add … --refresh looks for it anew"
        )
    everything = parse_sitemap(answer.body, url=answer.final_url)
    if everything.next_urls:
        return Check("sitemap", url, True, f"an index of {len(everything.next_urls)} sitemaps")
    return _judged("sitemap", url, portal, everything, parse_sitemap(answer.body, url=answer.final_url, portal=portal))


def _judged(check: str, url: str, portal: Portal, everything: Listing, ours: Listing) -> Check:
    if not everything.candidates:
        return Check(check, url, False, "; ".join(everything.warnings) or "names nothing")
    detail = f"{len(ours.candidates)} of {len(everything.candidates)} entries are articles"
    if ours.candidates:
        return Check(check, url, True, detail)
    return Check(check, url, False, detail, _looks_like([item.url for item in everything.candidates], portal))


async def _section(portal: Portal, asker: Asker, section: Section, shown: list[str]) -> Check:
    subject = f"“{section.name}”"
    page = await asker.page(portal.absolute(section.url))
    if page is None:
        answer = await asker.get(portal.absolute(section.url))
        if answer is None:
            return _not_asked("section", subject)
        return Check(
            "section",
            subject,
            False,
            f"{section.url} answers {answer.status or answer.error}",
            "onrecord portal edit " + portal.about.id,
        )
    answer = await asker.get(portal.absolute(section.url))
    listing = parse_listing(
        answer.body if answer else b"",
        url=page.url,
        content_type=answer.content_type if answer else None,
        portal=portal,
        section=section,
    )
    shown += [item.url for item in listing.candidates]
    if listing.candidates:
        following = ", goes on" if listing.next_urls else ""
        return Check("section", subject, True, f"lists {len(listing.candidates)} articles{following}")
    links = [link.url for link in page.links if _headline(link, page)]
    return Check("section", subject, False, f"0 of {len(links)} links match [articles].url", _looks_like(links, portal))


async def _path(portal: Portal, asker: Asker, section: Section, url: str) -> Check:
    """Whether an article of the section bears the breadcrumb that its section promises (other steps may come after it)."""
    subject = f"“{section.name}”"
    answer = await asker.get(url)
    if answer is None or answer.status != 200:
        return _not_asked("path", subject)
    crumbs = _read_page(portal, answer).article.breadcrumbs
    if [flat(step) for step in crumbs[: len(section.path)]] == [flat(step) for step in section.path]:
        return Check("path", subject, True, " › ".join(section.path))
    found = " › ".join(crumbs) or "no breadcrumb"
    return Check("path", subject, False, f"{found} on {url}", f"expected {' › '.join(section.path)}: edit section.path")


def _headline(link: PageLink, page: ParsedPage) -> bool:
    return link.region == "content" and len(link.text) >= 20 and link.url.rstrip("/") != page.url.rstrip("/")


def _looks_like(urls: list[str], portal: Portal) -> str | None:
    """What the links look like instead, as a rule to copy."""
    groups = sorted(grouped(urls, portal.about.languages).items(), key=lambda pair: -len(pair[1]))
    if not groups:
        return None
    pattern = generalise(dict(groups[:1]), portal.about.languages, ())
    return f"links look like {pattern.url}; add it with  onrecord portal edit {portal.about.id}"


async def _articles(portal: Portal, asker: Asker, shown: list[str]) -> list[Check]:
    if not shown:
        return [Check("articles", "", False, "no feed or section shows an article", "onrecord add … --refresh")]
    checks = []
    distinct = list(dict.fromkeys(shown))
    for url in distinct[:: max(1, len(distinct) // SAMPLES)][:SAMPLES]:
        answer = await asker.get(url)
        if answer is None:
            checks.append(_not_asked("article", url))
        elif answer.status != 200:
            checks.append(Check("article", url, False, f"answers {answer.status or answer.error}"))
        else:
            reading = _read_page(portal, answer)
            checks.append(_read(url, reading.article.headline, len(reading.article.articleBody.split()), reading.warnings))
    return checks


def _read_page(portal: Portal, answer: Fetched) -> Reading:
    at = datetime.now(UTC)
    return extraction.read(answer.body, url=answer.final_url, content_type=answer.content_type, portal=portal, at=at)


def _read(url: str, headline: str | None, words: int, warnings: tuple[str, ...]) -> Check:
    if headline and words >= 20:
        return Check("article", url, True, f"{headline} ({words} words)")
    what = "no headline" if not headline else f"{words} words of body"
    return Check("article", url, False, "; ".join((what, *warnings)), f"look closer: onrecord portal try {url}")


def _not_asked(check: str, subject: str) -> Check:
    return Check(check, subject, None, "not asked: --max-requests reached")
