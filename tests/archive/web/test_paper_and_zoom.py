"""Every kind of page on paper, at 200 % zoom, and from the keyboard, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archive.web.server import Viewer
from archive.workspace import Workspace, open_at
from tests.archive.web.chromium import BINARY, Chromium
from tests.archive.web.kinds import kinds
from tests.conftest import Demonstration

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("demo"),
    pytest.mark.skipif(BINARY is None, reason="no Chromium on this machine"),
]
OVERFLOW = "document.documentElement.scrollWidth - window.innerWidth"
# Elements that the eye sees, whether or not something around them is folded away.
SEEN = "[...document.querySelectorAll({!r})].filter(one => one.checkVisibility() && one.getClientRects().length)"
TAB = ("Tab", 9)


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with Chromium() as started:
        yield started


@pytest.fixture(scope="module")
def shown(demonstrated: Demonstration) -> Workspace:
    return open_at(demonstrated.root)


@pytest.fixture(scope="module")
def site(shown: Workspace) -> Iterator[str]:
    with Viewer(shown) as viewer:
        yield viewer.url.rstrip("/")


@pytest.fixture(scope="module")
def article(shown: Workspace) -> str:
    """The address of an edited article."""
    return next(path for path in kinds(shown, "water") if path.startswith("/pages/"))


def test_paper_has_no_form_and_all_that_is_folded(browser: Chromium, site: str, shown: Workspace) -> None:
    for path in kinds(shown, "water"):
        browser.open(site + path)
        folded = browser.ask("[...document.querySelectorAll('details')].filter(one => !one.closest('form')).length")
        browser.print()
        assert (
            browser.ask(SEEN.format("form, button, select, input, nav.pager, body > header:not(.banner)") + ".length") == 0
        ), path
        assert browser.ask(SEEN.format("details:not([open]) > :not(summary)") + ".length") >= folded, path
        assert browser.ask(OVERFLOW) <= 0, path


def test_a_citation_stands_on_paper_and_is_folded_on_the_screen(browser: Chromium, site: str, article: str) -> None:
    cited = SEEN.format("details pre") + ".map(one => one.innerText).join()"
    browser.open(site + article)
    assert browser.ask(cited) == ""
    browser.print()
    assert browser.ask(cited).count(browser.ask("document.querySelector('h1').innerText")) >= 5  # once a style
    assert browser.ask(SEEN.format("summary") + ".length") >= 1


def test_the_numbers_behind_each_plot_stand_on_paper(browser: Chromium, site: str) -> None:
    browser.open(site + "/stats")
    assert browser.ask(SEEN.format("details table") + ".length") == 0
    browser.print()
    assert (
        browser.ask(SEEN.format("details table") + ".length") == browser.ask("document.querySelectorAll('svg.plot').length") > 0
    )


def test_links_of_evidence_say_on_paper_where_they_lead(browser: Chromium, site: str, article: str) -> None:
    link = "[...document.querySelectorAll('dl a')].find(one => one.pathname.startsWith('/web/'))"
    after = f"getComputedStyle({link}, '::after').content"
    for path in (article, f"{article}/evidence"):
        browser.open(site + path)
        assert browser.ask(after) == "none", path
        browser.print()
        assert browser.ask(after).startswith('" (/web/'), path


def test_paper_is_light_where_the_screen_is_dark(browser: Chromium, site: str, article: str) -> None:
    browser.open(site + article, dark=True)
    ground = "getComputedStyle(document.body).backgroundColor"
    assert browser.ask(ground) == "rgb(20, 23, 26)"
    scheme = {"name": "prefers-color-scheme", "value": "dark"}
    browser.call("Emulation.setEmulatedMedia", media="print", features=[scheme])
    assert browser.ask(ground) == "rgb(255, 255, 255)"


def test_no_page_is_wider_than_the_screen_at_twice_the_size(browser: Chromium, site: str, shown: Workspace) -> None:
    for path in kinds(shown, "water"):
        browser.open(site + path, width=640)
        browser.ask("document.documentElement.style.fontSize = '200%'")
        assert browser.ask("getComputedStyle(document.documentElement).fontSize") == "32px"
        assert browser.ask(OVERFLOW) <= 0, path
        browser.ask("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert browser.ask(OVERFLOW) <= 0, f"{path}, all unfolded"


def test_the_keyboard_comes_to_the_skip_link_first_and_is_always_seen(browser: Chromium, site: str, shown: Workspace) -> None:
    outline = "(look => look.outlineStyle + ' ' + parseFloat(look.outlineWidth))(getComputedStyle(document.activeElement))"
    place = "(box => box.left >= 0 && box.top >= 0 && box.width > 0)(document.activeElement.getBoundingClientRect())"
    for path in kinds(shown, "water"):
        browser.open(site + path)
        browser.press(*TAB)
        assert browser.ask("document.activeElement.className") == "skip", path
        assert browser.ask(place), f"{path}: the skip link stays out of sight"
        for _ in range(12):
            if browser.ask("['BODY', 'IFRAME'].includes(document.activeElement.tagName)"):  # the end; what is not ours
                break
            style, width = browser.ask(outline).split()
            assert style != "none" and float(width) >= 2, (path, browser.ask("document.activeElement.outerHTML"))
            browser.press(*TAB)


def test_the_skip_link_leads_to_the_content(browser: Chromium, site: str, article: str) -> None:
    browser.open(site + article)
    browser.press(*TAB)
    browser.call("Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter", windowsVirtualKeyCode=13, text="\r")
    browser.call("Input.dispatchKeyEvent", type="keyUp", key="Enter", code="Enter", windowsVirtualKeyCode=13)
    assert browser.ask("document.activeElement.id") == "main"
    browser.press(*TAB)
    assert browser.ask("document.activeElement.closest('main') !== null")
