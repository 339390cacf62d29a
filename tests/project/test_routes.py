"""Every route has a policy, and every route that is not public refuses an anonymous visitor."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
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
