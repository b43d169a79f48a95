"""Invented portals in the shapes of common systems, held in memory: what a menu, a listing, an article look like there."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.discovery import Fetched

HOST = "https://portal.example.az"
BODY = "".join(
    f"<p>{text}</p>"
    for text in (
        "The ministry said on Monday that the commission would meet again next month to discuss the draft resolution on roads.",
        "Officials of the region agreed that the new bridge must be finished before winter, and thanked the engineers for it.",
        "A spokesman added that the budget of the programme had been approved by parliament without a single vote against it.",
    )
)
TOPICS = (
    "bridge",
    "harbour",
    "school",
    "tariff",
    "forest",
    "railway",
    "census",
    "museum",
    "budget",
    "treaty",
    "clinic",
    "canal",
)


@dataclass
class Portal:
    """Addresses (path with query) and what they answer; `articles` and `others` are what a rule must and must not match."""

    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    articles: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    host: str = HOST

    def html(self, path: str, text: str, charset: str = "utf-8", *, article: bool = False) -> None:
        """Add a page."""
        self.pages[path] = (f"text/html; charset={charset}", text.encode(charset, "xmlcharrefreplace"))
        (self.articles if article else self.others).append(path)

    def xml(self, path: str, text: str) -> None:
        """Add a feed or sitemap."""
        self.pages[path] = ("application/xml", text.encode())

    async def fetch(self, url: str) -> Fetched:
        """What `explore` asks through."""
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self.asked.append(path)
        if f"{parts.scheme}://{parts.netloc}" != self.host or path not in self.pages:
            return Fetched(url, url, 404, b"<html><title>Not found</title><h1>Not found</h1></html>", "text/html")
        kind, body = self.pages[path]
        return Fetched(url, url, 200, body, kind)


def title_of(number: int) -> str:
    """A headline of its own."""
    return f"Minister opens the {TOPICS[number % 12]} of district {number} after long works"


def slug_of(number: int) -> str:
    """Its words in an address."""
    return title_of(number).lower().replace(" ", "-")


def rss(items: Iterable[tuple[str, str]], offset: str = "+0400") -> str:
    """An RSS feed of (address, title)."""
    rows = "".join(
        f"<item><title>{title}</title><link>{url}</link><pubDate>Mon, 05 Mar 2018 10:0{n % 10}:00 {offset}</pubDate></item>"
        for n, (url, title) in enumerate(items)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title>{rows}</channel></rss>'


def sitemap(urls: Iterable[str]) -> str:
    """A sitemap."""
    rows = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'


def wordpress() -> Portal:
    """Articles and static pages share one folder (/%postname%/); categories with /page/N/; a feed of comments."""
    portal = Portal()
    statics = ("about-the-ministry-and-its-history", "contact", "how-to-file-a-complaint-with-us")
    menu = "".join(f'<li class="menu-item"><a href="/{name}/">{name.replace("-", " ")}</a></li>' for name in statics)
    menu += '<li class="menu-item"><a href="/category/news/">News</a></li><li><a href="/category/speeches/">Speeches</a></li>'

    def page(title: str, main: str, head: str = "") -> str:
        return (
            f'<!DOCTYPE html><html lang="en-US"><head><title>{title} &#8211; Ministry of Works</title>{head}'
            '<link rel="alternate" type="application/rss+xml" title="Feed" href="/feed/">'
            '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/"></head>'
            f'<body class="home has-menu"><header id="masthead"><nav class="main-navigation"><ul>{menu}</ul></nav></header>'
            f'<div id="content"><main>{main}</main></div><footer><a href="/contact/">Contact</a></footer></body></html>'
        )

    def teaser(number: int) -> str:
        return (
            f'<article class="post"><header class="entry-header"><h2 class="entry-title"><a href="/{slug_of(number)}/">'
            f"{title_of(number)}</a></h2>"
            f'<time class="entry-date" datetime="2018-03-0{number % 9 + 1}T10:00:00+04:00">March</time>'
            f'</header><a href="/{slug_of(number)}/">Continue reading</a></article>'
        )

    for number in range(40):
        data = {"@context": "https://schema.org", "@graph": [{"@type": "NewsArticle", "headline": title_of(number)}]}
        head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
        stamp = f'<time class="entry-date" datetime="2018-03-0{number % 9 + 1}T10:00:00+04:00">March</time>'
        text = f'<article class="post"><h1>{title_of(number)}</h1>{stamp}<div class="entry-content">{BODY}</div></article>'
        portal.html(f"/{slug_of(number)}/", page(title_of(number), text, head), article=True)
    for name in statics:
        portal.html(f"/{name}/", page(name, f"<h1>{name}</h1>{BODY}"))
    for category, numbers in (("news", range(30)), ("speeches", range(30, 40))):
        for start in range(0, len(numbers), 10):
            here = f"/category/{category}/" + (f"page/{start // 10 + 1}/" if start else "")
            more = f"/category/{category}/page/{start // 10 + 2}/"
            older = f'<div class="nav-previous"><a href="{more}">Older posts</a></div>' if start + 10 < len(numbers) else ""
            teasers = "".join(map(teaser, numbers[start : start + 10]))
            portal.html(here, page(category, teasers + f'<nav class="navigation">{older}</nav>'))
    portal.html("/", page("Home", "".join(map(teaser, (0, 1, 30)))))
    portal.xml("/feed/", rss((f"{HOST}/{slug_of(n)}/", title_of(n)) for n in range(10)))
    portal.xml("/comments/feed/", rss([(f"{HOST}/contact/#comment-1", "Comment on contact")]))
    portal.pages["/robots.txt"] = ("text/plain", f"User-agent: *\nCrawl-delay: 5\nSitemap: {HOST}/wp-sitemap.xml".encode())
    urls = [f"{HOST}{path}" for path in (*portal.articles, *(f"/{name}/" for name in statics))]
    portal.xml("/wp-sitemap.xml", sitemap(urls))
    return portal


def drupal() -> Portal:
    """Two languages under folders, three kinds of articles beside static pages, a pager that counts from 0, no feed."""
    portal = Portal()
    words = {
        "en": (("news", "News"), ("speeches", "Speeches"), ("press-releases", "Press releases"), "About us", "Next page"),
        "az": (
            ("xeberler", "Xəbərlər"),
            ("cixislar", "Çıxışlar"),
            ("bildirisler", "Bildirişlər"),
            "Haqqımızda",
            "Növbəti səhifə",
        ),
    }

    def page(lang: str, path: str, title: str, main: str, h1: str = "") -> str:
        kinds, about = words[lang][:3], words[lang][3]
        menu = "".join(f'<li><a href="/{lang}/{kind}">{label}</a></li>' for kind, label in kinds)
        other = "az" if lang == "en" else "en"
        return (
            f'<!DOCTYPE html><html lang="{lang}" dir="ltr"><head><title>{title} | Cabinet of Ministers</title>'
            f'<link rel="alternate" hreflang="{other}" href="{HOST}/{other}">'
            f'<link rel="canonical" href="{HOST}{path}"></head><body>'
            f'<ul class="language-switcher"><li><a hreflang="{other}" href="/{other}">{other.upper()}</a></li></ul>'
            f'<div id="block-mainnavigation"><ul class="menu">{menu}'
            f'<li><a href="/{lang}/about/who-we-are">{about}</a></li></ul></div>'
            f'<div class="region-content">{h1}{main}</div>'
            f'<footer class="footer"><a href="/{lang}/user/login">Log in</a></footer>'
            "</body></html>"
        )

    def row(lang: str, kind: str, number: int) -> str:
        return (
            f'<div class="views-row"><span class="field-content">'
            f'<a href="/{lang}/{kind}/{slug_of(number)}">{title_of(number)}</a>'
            f'</span><span class="date">{number % 27 + 1:02d}.03.2018</span></div>'
        )

    for lang, (*kinds, about, following) in words.items():
        for position, (kind, label) in enumerate(kinds):
            numbers = range(position * 24, position * 24 + 24)
            for number in numbers:
                path = f"/{lang}/{kind}/{slug_of(number)}"
                meta = f'<time datetime="2018-03-{number % 27 + 1:02d}T12:00:00Z" itemprop="datePublished">March</time>'
                portal.html(path, page(lang, path, title_of(number), meta + BODY, f"<h1>{title_of(number)}</h1>"), article=True)
            for start in range(0, 24, 8):
                here = f"/{lang}/{kind}" + (f"?page={start // 8}" if start else "")
                more = (
                    f'<li class="pager__item--next"><a href="?page={start // 8 + 1}" rel="next">{following}</a></li>'
                    if start < 16
                    else ""
                )
                rows = "".join(row(lang, kind, n) for n in numbers[start : start + 8])
                portal.html(
                    here, page(lang, here, label, rows + f'<nav class="pager"><ul>{more}</ul></nav>', f"<h1>{label}</h1>")
                )
        statics = ("who-we-are", "structure-of-the-cabinet", "history-of-the-cabinet", "rules-of-procedure")
        links = "".join(
            f'<li><a href="/{lang}/about/{name}">The {name.replace("-", " ")} in some detail</a></li>' for name in statics
        )
        for name in statics:
            portal.html(
                f"/{lang}/about/{name}",
                page(lang, f"/{lang}/about/{name}", about, f"<ul>{links}</ul>{BODY}", f"<h1>{name}</h1>"),
            )
        newest = "".join(row(lang, kind, position * 24) for position, (kind, _) in enumerate(kinds))
        portal.html(f"/{lang}", page(lang, f"/{lang}", "Home", newest))
    portal.pages["/"] = portal.pages["/en"]
    return portal


def legacy_tables() -> Portal:
    """Tables for layout, scripts with arguments, windows-1251, no language stated, a pager of bare numbers."""
    portal = Portal()
    topics = {1: "Политика", 2: "Экономика", 3: "Общество"}
    text = "<br><br>".join(
        (
            "Министр заявил в понедельник, что комиссия соберется в следующем месяце и обсудит проект постановления о дорогах.",
            "Представители области согласились с тем, что новый мост должен быть достроен до зимы, и поблагодарили инженеров.",
            "Бюджет программы был одобрен парламентом без единого голоса против, сообщил представитель министерства.",
        )
    )

    def page(title: str, main: str) -> str:
        menu = "<br>".join(f"<a href=/index.php?cat={n}>{label}</a>" for n, label in topics.items())
        return (
            f"<html><head><title>{title}</title><meta http-equiv=Content-Type content='text/html; charset=windows-1251'></head>"
            f"<body bgcolor=white><table><tr><td colspan=2><a href=/index.php><img src=/logo.gif alt=Портал></a></td></tr><tr>"
            f"<td width=150>{menu}<br><a href=/page.php?id=1>О портале</a><br><a href=/page.php?id=2>Контакты</a></td>"
            f"<td>{main}</td></tr></table></body></html>"
        )

    def headline(number: int) -> str:
        return f"Министр открыл новую школу номер {number} в районе"

    for number in range(2001, 2061):
        day = f"<font size=1>{number % 27 + 1:02d}.03.2018 12:30</font>"
        body = f"<font size=4><b>{headline(number)}</b></font><br>{day}<br><br>{text}"
        portal.html(f"/index.php?newsid={number}", page(headline(number), body), "windows-1251", article=True)
    for cat, label in topics.items():
        numbers = [n for n in range(2001, 2061) if n % 3 == cat % 3]
        for start in range(0, 20, 10):
            rows = "".join(
                f"<tr><td>{n % 27 + 1:02d}.03.2018</td><td><a href=/index.php?newsid={n}>{headline(n)}</a></td></tr>"
                for n in numbers[start : start + 10]
            )
            pager = (
                f"<b>1</b> <a href=/index.php?cat={cat}&sayfa=2>2</a>"
                if not start
                else f"<a href=/index.php?cat={cat}>1</a> <b>2</b>"
            )
            here = f"/index.php?cat={cat}" + ("&sayfa=2" if start else "")
            portal.html(here, page(label, f"<h3>{label}</h3><table>{rows}</table><p align=center>{pager}</p>"), "windows-1251")
    for number, label in ((1, "О портале"), (2, "Контакты")):
        portal.html(f"/page.php?id={number}", page(label, f"<h3>{label}</h3>{text}"), "windows-1251")
    newest = "".join(f"<p>05.03.2018 <a href=/index.php?newsid={n}>{headline(n)}</a></p>" for n in range(2055, 2061))
    portal.html("/", page("Портал области", newest), "windows-1251")
    portal.html("/index.php", page("Портал области", newest), "windows-1251")
    return portal


def numbered_slugs() -> Portal:
    """Articles are /category/4711-slug.html in many categories; no feed, no sitemap, a "most read" list on every page."""
    portal = Portal()
    categories = ("politics", "economy", "culture", "sport", "region")
    read = "".join(f'<li><a href="/politics/{4700 + n}-{slug_of(n)}.html">{title_of(n)}</a></li>' for n in range(0, 15, 5))

    def page(title: str, main: str) -> str:
        menu = "".join(f'<a href="/{name}/">{name.title()}</a> ' for name in categories)
        return (
            f'<!doctype html><html lang="en"><head><title>{title} - State News Agency</title></head><body>'
            f'<div class="topmenu">{menu}'
            f'<a href="/site/rules.html">Rules</a></div><div id="center">{main}</div>'
            f'<div id="right"><h3>Most read</h3><ul>{read}</ul>'
            "</div></body></html>"
        )

    def path_of(number: int) -> str:
        return f"/{categories[number % 5]}/{4700 + number}-{slug_of(number)}.html"

    for number in range(60):
        stamp = f'<p class="date"><time datetime="2018-03-{number % 27 + 1:02d}" pubdate>March</time></p>'
        portal.html(path_of(number), page(title_of(number), f"<h1>{title_of(number)}</h1>{stamp}{BODY}"), article=True)
    for position, name in enumerate(categories):
        numbers = [n for n in range(60) if n % 5 == position]
        rows = "".join(
            f'<div class="item"><h3><a href="{path_of(n)}">{title_of(n)}</a></h3>{n % 27 + 1} March 2018</div>' for n in numbers
        )
        portal.html(f"/{name}/", page(name, rows))
    portal.html("/site/rules.html", page("Rules", f"<h1>Rules</h1>{BODY}"))
    portal.html("/", page("Home", "".join(f'<h2><a href="{path_of(n)}">{title_of(n)}</a></h2>' for n in range(40, 52))))
    return portal
