"""axe-core as its makers pack it: what it finds wrong with the page that a browser shows."""

from __future__ import annotations

from tests.archive.web.chromium import Chromium
from tests.judges.npm import package

VERSION = "4.11"
# WCAG 2.2 A and AA, and what axe calls best practice (landmarks, heading order).
_RUN = """axe.run(document, {resultTypes: ["violations"], iframes: false}).then(found => found.violations.flatMap(
  rule => rule.nodes.map(node => `${rule.id}: ${node.target} ${node.failureSummary.split("\\n").slice(1).join(" ")}`)))"""


class Axe:
    """The checker; the test is skipped where the package cannot be had."""

    def __init__(self) -> None:
        self._script = (package("axe-core", VERSION) / "axe.min.js").read_text(encoding="utf-8")

    def violations(self, browser: Chromium) -> list[str]:
        """A line for each element that breaks a rule. The checker goes in by the protocol: no page lets a script in."""
        browser.ask(self._script)
        told = browser.call("Runtime.evaluate", expression=_RUN, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told
        return list(told["result"]["value"])
