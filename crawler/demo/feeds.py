"""RSS 2.0, sitemaps with an index (sitemaps.org 0.9) and robots.txt of one edition."""

from __future__ import annotations

from datetime import timedelta, timezone
from email.utils import format_datetime
from xml.sax.saxutils import escape

from crawler.demo.editions import Edition
from crawler.demo.newsroom import local
from crawler.demo.pages import newest
from crawler.demo.vocabulary import LANGUAGES, vocabulary

LOCAL = timezone(timedelta(hours=4))
_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def rss(edition: Edition, lang: str, base: str) -> str:
    """The twenty newest articles of a language."""
    words = vocabulary(lang)
    items = "".join(
        f"<item><title>{escape(s.headline)}</title><link>{base}{s.path}</link><guid>{base}{s.path}</guid>"
        f"<pubDate>{format_datetime(s.published.replace(tzinfo=LOCAL))}</pubDate>"
        f"<category>{escape(words.sections[s.section])}</category><description>{escape(s.teaser)}</description></item>\n"
        for s in newest(edition, lang)[:20]
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>{escape(words.ui["portal"])}</title>'
        f"<link>{base}/{lang}/</link><description>{escape(words.ui['latest'])}</description><language>{lang}</language>\n"
        f"{items}</channel></rss>\n"
    )


def sitemap_index(base: str) -> str:
    """The index of the sitemaps, one a language."""
    rows = "".join(f"<sitemap><loc>{base}/sitemap-{lang}.xml</loc></sitemap>\n" for lang in LANGUAGES)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex {_SITEMAP}>\n{rows}</sitemapindex>\n'


def sitemap(edition: Edition, lang: str, base: str) -> str:
    """Every article of a language and those it forgot to strike (soft 404); lastmod is the date the page states."""
    forgotten = [r.story for r in edition.removed.values() if r.how == "soft404" and r.story.lang == lang]
    rows = "".join(
        f"<url><loc>{base}{s.path}</loc><lastmod>{local(s.modified or s.published)}</lastmod></url>\n"
        for s in [*newest(edition, lang), *forgotten]
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {_SITEMAP}>\n{rows}</urlset>\n'


def robots(base: str) -> str:
    """What may be asked."""
    disallowed = "".join(f"Disallow: /{lang}/{part}/\n" for lang in LANGUAGES for part in ("print", "search", "ajax"))
    return f"User-agent: *\n{disallowed}\nSitemap: {base}/sitemap.xml\n"
