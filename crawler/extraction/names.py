"""What does the mark-up call its parts, and where does it lead? Naming attributes and addresses, collected in one walk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from lxml.etree import _Element
from lxml.html import HtmlElement

_ATTRIBUTES = ("class", "id", "rel", "itemprop", "itemtype", "aria-label", "hidden", "style")
Leading = list[tuple[_Element, str]]  # elements that lead somewhere and their href as written, in page order


class Names:
    """The names a page uses: of most pages they say at once that nothing is called what is sought. `leading`: its links."""

    def __init__(self, tree: HtmlElement) -> None:
        self._tree = tree
        self.leading: Leading = []
        self._bearing: dict[str, dict[str, list[tuple[int, _Element]]]] = {name: {} for name in _ATTRIBUTES}
        bearing = self._bearing.get
        for place, element in enumerate(tree.iter()):
            for name, value in element.items():
                holders = bearing(name)
                if holders is not None:
                    holders.setdefault(value, []).append((place, element))
                elif name == "href":
                    self.leading.append((element, value))

    def elements(self, sought: Mapping[str, Callable[[str], bool]], tags: tuple[str, ...] | None = None) -> Iterator[_Element]:
        """The elements (of these tags) that have a sought value in one of the attributes, in page order. What was taken out
        of the page since is not among them."""
        found = {
            place: element
            for attribute, is_sought in sought.items()
            for value, holders in self._bearing[attribute].items()
            if is_sought(value)
            for place, element in holders
        }
        for place in sorted(found):
            element = found[place]
            if (tags is None or element.tag in tags) and next(element.iterancestors("html"), None) is self._tree:
                yield element
