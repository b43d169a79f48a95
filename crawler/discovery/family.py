"""Which content management system made these pages? Its generator tag, or folders that only it has."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.discovery.proposal import Found
from crawler.listings.links import ParsedPage

_GENERATORS = {
    "wordpress": r"wordpress",
    "drupal": r"drupal",
    "joomla": r"joomla",
    "typo3": r"typo3",
    "hugo": r"hugo",
    "bitrix": r"bitrix",
    "dle": r"datalife engine",
    "sharepoint": r"sharepoint",
    "plone": r"plone",
}
_FOLDERS = {
    "wordpress": r"/wp-(?:content|includes|json)/",
    "drupal": r"/sites/(?:default|all|[\w.-]+)/(?:files|themes|modules)/|/core/misc/drupal",
    "joomla": r"/media/(?:jui|system/js)/|/components/com_",
    "typo3": r"/typo3(?:conf|temp)/",
    "bitrix": r"/bitrix/(?:templates|cache|js)/",
    "dle": r"/engine/(?:classes|skins)/",
    "sharepoint": r"/_layouts/15/|/SiteAssets/|/PublishingImages/",
}


def recognise(pages: Iterable[ParsedPage]) -> Found[str] | None:
    """The family most pages show a sign of, or None."""
    for page in pages:
        if page.root is None:
            continue
        generator = " ".join(str(value) for value in page.root.xpath("//meta[@name='generator']/@content"))
        for name, sign in _GENERATORS.items():
            if re.search(sign, generator, re.IGNORECASE):
                return Found(name, f"generator tag: {generator[:60]}")
        used = " ".join(str(value) for value in page.root.xpath("//script/@src | //link/@href | //img/@src"))
        for name, sign in _FOLDERS.items():
            if match := re.search(sign, used):
                return Found(name, f"its folder {match[0]}")
    return None
