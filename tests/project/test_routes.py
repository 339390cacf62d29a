"""Every route has a policy, and every route that is not public refuses an anonymous visitor."""

import re

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import path

from neike.kernel.policies import checks, routes


def test_every_route_declares_a_policy():
    assert checks.routes_without_policy() == []


def _unguarded(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def test_a_planted_route_without_policy_stops_start_up(settings):
    settings.ROOT_URLCONF = type("urls", (), {"urlpatterns": [path("open", _unguarded)]})

    with pytest.raises(ImproperlyConfigured, match="open"):
        checks.refuse_unguarded_routes()


def test_declaring_a_policy_twice_with_another_gate_is_refused():
    routes.declare("test.once", routes.SIGNED_IN)

    with pytest.raises(ValueError, match=r"test\.once"):
        routes.declare("test.once", routes.PUBLIC)


SAMPLES = {
    "int": "1",
    "str": "x",
    "slug": "x",
    "uuid": "019ab3c2-0000-7000-8000-000000000000",
    "path": "x",
}
PARAMETER = re.compile(r"<(?:(\w+):)?\w+>|\(\?P<\w+>[^)]*\)")


def _address(pattern: str) -> str:
    """Return an address that matches the pattern."""
    filled = PARAMETER.sub(lambda found: SAMPLES.get(found[1] or "str", "x"), pattern)
    return "/" + filled.replace("^", "").replace("$", "").replace("\\Z", "")


def _guarded_routes():
    for route in checks.all_routes():
        found = [routes.policy_of(view, route.name) for view in route.views]
        if not any(one is None or one.public for one in found):
            yield route


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_route_that_is_not_public_refuses_an_anonymous_visitor(method):
    let_in = []
    for route in _guarded_routes():
        response = getattr(Client(), method)(_address(route.pattern))
        sent_to_sign_in = response.status_code == 302 and response.url.startswith(
            resolve_url(settings.LOGIN_URL)
        )
        if not sent_to_sign_in and response.status_code not in {401, 405}:
            let_in.append((route.pattern, response.status_code))

    assert let_in == []
