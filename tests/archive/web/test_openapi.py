"""schemathesis asks what the OpenAPI description says may be asked, and more: no answer is a fault of ours or undescribed."""

from __future__ import annotations

import random
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks

from archive import database, query
from archive.web import create_app
from archive.workspace import Workspace
from tests.archive.story import HOME

load_all_checks()
WANTED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "unsupported_method",
)
FED = ("/", "/portals/{portal}", "/pages/{ref}", "/search", "/changes", "/gone")


@pytest.fixture(scope="session")
def kept(kept_on_sqlite: Workspace) -> Workspace:
    return kept_on_sqlite


@pytest.fixture(scope="session")
def described(kept: Workspace) -> schemathesis.BaseSchema:
    """The description, as the application itself gives it."""
    return schemathesis.openapi.from_asgi("/openapi.json", create_app(kept, hosts=None))


@pytest.fixture(scope="session")
def real(kept: Workspace) -> dict[str, list[str]]:
    """Path parameters of pages that are there."""
    with database.session(kept, readonly=True) as session:
        ids = [row["page"] for row in query.pages(session)]
    return {
        "ref": [*ids, *(f"{key}@1" for key in ids)],
        "portal": ["example-az"],
        "date": ["2026-03-02"],
        "versions": ["1..2", "1..1"],
        "old": ids,
        "url": [f"{HOME}/news/1", f"{HOME}/news/3", f"{HOME}/never"],
    }


def answering(app: Any) -> set[str]:
    """The addresses that answer JSON, out of the routes and the twins their pages have."""
    found = set()
    for route in app.app.routes:
        path = getattr(route, "path", "")
        if path.startswith("/static") or path in ("/openapi.json", "/web/{rest:path}"):
            continue
        if "/timemap/" in path:
            found.add(path.replace("{kind}", "json").replace("{url:path}", "{url}"))
        elif path == "/cdx":
            found.add(path)
        else:
            stem = "/index" if path == "/" else path
            found |= {f"{stem}.json", *((f"{stem}.feed.json",) if path in FED else ())}
    return found


def test_every_address_that_answers_json_is_described(kept: Workspace, described: schemathesis.BaseSchema) -> None:
    assert set(described.raw_schema["paths"]) == answering(create_app(kept, hosts=None))


def test_no_answer_is_undescribed_or_a_fault_of_ours(described: schemathesis.BaseSchema, real: dict[str, list[str]]) -> None:
    checks = [CHECKS.get_one(name) for name in WANTED]
    seen = 0
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(), rng=st.randoms(use_true_random=False))
        def asked(case: schemathesis.Case, rng: random.Random) -> None:
            if rng.random() < 0.7:  # invented ids lead to a 404 only
                case.path_parameters = {name: rng.choice(real[name]) for name in case.path_parameters or {}}
            case.call_and_validate(checks=checks)

        asked()
        seen += 1
    assert seen == len(described.raw_schema["paths"])
