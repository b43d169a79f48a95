"""A captured page made fit for replay: what acts is taken out, what it shows and where it leads stays inside the archive.

The policy of the answer (CSP `sandbox`, no script) is what makes replay harmless; that scripts, refreshes and forms' targets
are taken out here as well keeps the page quiet. The bytes as served are always at `/web/TIMESTAMPid_/URL`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from archive.memento.timemap import escaped

_ACTING = ("script", "noscript", "object", "embed", "applet", "base", "iframe", "frame", "portal")
_SHOWN = {"img", "source", "link", "video", "audio", "track", "input", "image", "use"}
_CSS_URL = re.compile(r"""(url\(\s*["']?|@import\s+["'])([^"')]+)""", re.IGNORECASE)


def page(body: str, url: str, stamp: str) -> str:
    """HTML whose scripts are gone; images and style sheets are asked from the archive, links lead to its other pages."""
    try:
        root = html.document_fromstring(body)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    base = _base(root, url)
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        if element.tag in _ACTING or (element.tag == "meta" and element.get("http-equiv") is not None):
            _drop(element)
            continue
        _rewrite(element, base, stamp)
    head = root.find("head")
    if head is None:
        head = etree.Element("head")
        root.insert(0, head)
    head.insert(0, etree.Element("base", target="_top"))
    head.insert(0, etree.Element("meta", charset="utf-8"))
    return "<!doctype html>\n" + str(etree.tostring(root, encoding="unicode", method="html"))


def style(text: str, url: str, stamp: str) -> str:
    """A style sheet whose images, fonts and imports are asked from the archive."""

    def moved(match: re.Match[str]) -> str:
        return match[1] + inside(match[2].strip(), url, stamp, "im_")

    return _CSS_URL.sub(moved, text)


def _base(root: html.HtmlElement, url: str) -> str:
    for element in root.iter("base"):
        if element.get("href"):
            return str(urljoin(url, element.get("href", "")))
    return url


def _drop(element: html.HtmlElement) -> None:
    parent = element.getparent()
    if parent is not None:
        element.drop_tree()


def _rewrite(element: html.HtmlElement, base: str, stamp: str) -> None:
    kind = "im_" if element.tag in _SHOWN else ""
    for name, value in list(element.attrib.items()):
        if name.startswith("on") or name in ("integrity", "nonce", "srcdoc", "formaction", "action", "ping", "crossorigin"):
            del element.attrib[name]
        elif name in ("src", "href", "poster", "background", "data", "xlink:href"):
            if value.startswith("#"):
                continue
            element.set(name, inside(value, base, stamp, kind or ("im_" if name != "href" else "")))
        elif name in ("srcset", "imagesrcset"):
            element.set(name, _srcset(value, lambda one: inside(one, base, stamp, "im_")))
        elif name == "style":
            element.set(name, style(value, base, stamp))
    if element.tag == "style" and element.text:
        element.text = style(element.text, base, stamp)
    if element.tag in ("a", "area") and element.get("target"):
        element.set("target", "_top")


def inside(value: str, base: str, stamp: str, kind: str) -> str:
    """The address in the archive of what an address of the page means; what is no web address leads nowhere."""
    try:
        target = urljoin(base, value.strip())
        scheme = urlsplit(target).scheme.lower()
    except ValueError:
        return "#"
    if scheme == "data" and kind:
        return target
    if scheme in ("mailto", "tel") and not kind:
        return target
    return f"/web/{stamp}{kind}/{escaped(target)}" if scheme in ("http", "https") else "#"


def _srcset(value: str, inside: Callable[[str], str]) -> str:
    told = []
    for candidate in re.split(r",\s+", value):
        address, _, size = candidate.strip().partition(" ")
        if address:
            told.append(f"{inside(address.rstrip(','))} {size}".strip())
    return ", ".join(told)
