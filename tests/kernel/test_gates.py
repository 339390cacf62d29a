"""Doors for the holders of a role."""

from django.contrib.auth.models import AnonymousUser

from neike.kernel.policies import holds_role, role_gate, set_role_provider
from tests import make


def test_nobody_holds_a_role_before_the_organisation_has_told_who_does(db):
    before = set_role_provider(lambda _person, _role: False)

    assert not role_gate("AU", "SA")(make.person())
    set_role_provider(before)


def test_a_gate_opens_for_one_of_its_roles_and_says_why_it_does_not(holder_of):
    assert role_gate("SA", "AU")(holder_of("AU")).allowed
    assert role_gate("SA")(holder_of("AU")).reason == "no_role"


def test_an_anonymous_visitor_holds_no_role_whatever_the_provider_says():
    before = set_role_provider(lambda _person, _role: True)

    assert not holds_role(AnonymousUser(), "AU")
    set_role_provider(before)
