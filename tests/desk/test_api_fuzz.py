"""A fuzzer goes through the desk's part of the API: no answer that its description does not name, never a 5xx."""

import contextlib
import json
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from neike.config.api import api
from neike.desk import actions
from tests.make import articles
from tests.make import desk as make

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLES = 5
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def one_connection(transactional_db):
    """Keep the test's connection open between calls that run in this very process."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def operations() -> list[tuple[str, str]]:
    """Return (method, path) of the desk's operations."""
    paths = api.get_openapi_schema()["paths"]
    return [
        (method, path)
        for path, methods in paths.items()
        if path.startswith(("/api/v1/requests", "/api/v1/approvals", "/api/v1/articles"))
        for method in methods
    ]


@pytest.fixture
def world(one_connection) -> tuple[dict[str, Any], dict[str, str], dict[str, Any]]:
    """Return what exists (as path parameters), the cookies of somebody who serves, and the description."""
    it = make.company()
    ticket = it.submit(now=timezone.now())
    leg = ticket.legs.get()
    actions.accept_leg(leg=leg, by=it.ivan, version=leg.version, now=timezone.now())
    client = Client()
    client.force_login(it.it_head)
    client.get(reverse("desk:queue"))
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    described = json.loads(client.get("/api/v1/openapi.json").content)
    known = {"request_id": str(ticket.public_id), "no": 0, "key": articles.article(it.it).key}
    return known, cookies, described


@pytest.mark.parametrize(("method", "path"), operations())
def test_every_answer_is_one_the_description_names(world, method, path):
    known, cookies, described = world
    schema = schemathesis.openapi.from_dict(described)
    schema.app = get_wsgi_application()
    named = {name: value for name, value in known.items() if f"{{{name}}}" in path}
    seen: set[int] = set()
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        for parameters in (named, None) if named else (None,):
            strategy = schema[path][method].as_strategy(
                generation_mode=mode, path_parameters=parameters
            )
            seen |= statuses(strategy, cookies)

    assert 401 not in seen  # the fuzzer was let in
    assert seen & {200, 201, 204, 409, 422}


def statuses(strategy: Any, cookies: dict[str, str]) -> set[int]:
    """Send what the strategy makes and check each answer; return the statuses that came."""
    seen: set[int] = set()

    @given(case=strategy)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        answer = case.call_and_validate(
            cookies=cookies, headers={"X-CSRFToken": cookies["neike_csrf"]}, checks=CHECKS
        )
        seen.add(answer.status_code)

    with contextlib.suppress(Unsatisfiable):  # nothing of this path can be sent wrongly
        ask()
    return seen
