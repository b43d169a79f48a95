"""axe-core on every kind of page of the demo, at two widths, in light and dark, with and without scripts: nothing to mend."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archive.web.server import Viewer
from archive.workspace import Workspace, open_at
from tests.archive.web.axe import Axe
from tests.archive.web.chromium import BINARY, Chromium
from tests.archive.web.kinds import kinds
from tests.judges.archives import digital_canada

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("demo"),
    pytest.mark.skipif(BINARY is None, reason="no Chromium on this machine"),
]
# A browser logs the status of these; and a replayed page what the portal itself did not have, as the live page would.
ERRORS = ("/pages/ffffffff", "/changes?kind=none")


def expected(path: str, told: str) -> bool:
    return "status of 40" in told and (path in ERRORS or path.startswith("/web/"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with Chromium() as started:
        yield started


@pytest.fixture(scope="module")
def axe() -> Axe:
    return Axe()


@pytest.fixture(scope="module", params=["demo", pytest.param("digital-canada-ca", marks=pytest.mark.long)])
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    if request.param == "demo":
        return open_at(request.getfixturevalue("demonstrated").root)
    return digital_canada(tmp_path_factory.mktemp("shown"))


@pytest.fixture(scope="module")
def site(shown: Workspace) -> Iterator[str]:
    with Viewer(shown) as viewer:
        yield viewer.url.rstrip("/")


def test_the_checker_sees_what_is_wrong(browser: Chromium, axe: Axe) -> None:
    browser.open("data:text/html,<html><img src=x><p style='color:%23ccc'>pale</p>")
    rules = {told.partition(":")[0] for told in axe.violations(browser)}
    assert {"image-alt", "html-has-lang", "color-contrast", "document-title"} <= rules


@pytest.mark.parametrize(
    ("width", "dark"),
    [
        (360, True),
        (1280, False),
        pytest.param(360, False, marks=pytest.mark.long),
        pytest.param(1280, True, marks=pytest.mark.long),
    ],
)
def test_no_page_breaks_a_rule_or_complains(
    browser: Chromium, axe: Axe, site: str, shown: Workspace, width: int, dark: bool
) -> None:
    for path in kinds(shown, "water"):
        complaints = browser.open(site + path, width=width, dark=dark)
        assert [told for told in complaints if not expected(path, told)] == [], path
        assert axe.violations(browser) == [], path
        assert browser.ask("document.documentElement.scrollWidth - window.innerWidth") <= 0, path


@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_is_the_same_without_scripts(browser: Chromium, site: str, shown: Workspace, width: int) -> None:
    for path in kinds(shown, "water"):
        browser.call("Network.clearBrowserCookies")  # else the second look is told what happened since the first
        browser.open(site + path, width=width)
        with_scripts = browser.ask("document.querySelector('main').innerText")
        browser.call("Emulation.setScriptExecutionDisabled", value=True)
        try:
            browser.call("Network.clearBrowserCookies")
            complaints = browser.open(site + path, width=width)
            assert [told for told in complaints if not expected(path, told)] == [], path
            assert browser.ask("document.querySelector('main').innerText") == with_scripts, path
            assert browser.ask("document.querySelectorAll('script:not([type=\"application/ld+json\"])').length") == 0, path
        finally:
            browser.call("Emulation.setScriptExecutionDisabled", value=False)
