"""What changes at every fetch: comment counter, clock, visitors, and the order of the most-read block."""

from __future__ import annotations

import random
from datetime import datetime

from markupsafe import Markup

from crawler.demo.editions import Edition
from crawler.demo.pages import newest
from crawler.demo.vocabulary import vocabulary


def dress(html: str, edition: Edition, lang: str, fetch: int, now: datetime, *, live: bool) -> str:
    """Fill the marks of a page for the `fetch`-th answer of the server, or with constants where it is not `live`."""
    words = vocabulary(lang)
    chance = random.Random(fetch)  # noqa: S311 - not a secret
    comments = chance.randrange(90) if live else 0
    html = html.replace("@@COMMENTS@@", words.ui["comments"].format(n=comments))
    html = html.replace("@@VISITORS@@", str(1000 + fetch) if live else "")
    html = html.replace("@@CLOCK@@", f"{now:%H:%M:%S}" if live else "")
    if "@@MOST_READ@@" not in html:
        return html
    read = chance.sample(newest(edition, lang)[:14], 5)
    items = Markup("").join(Markup('<li><a href="{}">{}</a></li>').format(story.path, story.headline) for story in read)
    return html.replace("@@MOST_READ@@", items)
