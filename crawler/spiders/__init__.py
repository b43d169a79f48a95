"""The spiders. `PortalSpider` crawls every portal that data describes; a portal file may name a subclass of it."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import UsageError

if TYPE_CHECKING:
    from crawler.portal import Portal
    from crawler.spiders.portal import PortalSpider


def spider_class(portal: Portal, folder: Path) -> type[PortalSpider]:
    """The spider a portal file names ("module:Class"), else PortalSpider; UsageError when it cannot be had. The module is
    installed, or lies in `folder`, beside the portal file."""
    from crawler.spiders.portal import PortalSpider

    named = portal.about.spider
    if named is None:
        return PortalSpider
    module, _, attribute = named.partition(":")
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(f"{portal.about.id}: portal.spider {named!r} cannot be imported: {error}") from error
    if not (isinstance(found, type) and issubclass(found, PortalSpider)):
        raise UsageError(f"{portal.about.id}: portal.spider {named!r} is no PortalSpider")
    return found
