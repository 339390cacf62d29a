import pytest
from django.urls import reverse
from tests.make import desk as make
pytestmark = pytest.mark.django_db


def test_smoke(client_for):
    it = make.company()
    leg = it.accepted()
    for language in ("en", "zh-hans"):
        c = client_for(it.ivan)
        c.cookies["neike_language"] = language
        r = c.get(reverse("desk:queue")); assert r.status_code == 200
        r = c.get(leg.ticket.path); assert r.status_code == 200, r.content
        r = c.get(leg.ticket.path + "print/"); assert r.status_code == 200
