import pytest
from django.urls import reverse
from tests.make import desk as make
pytestmark = pytest.mark.django_db

def test_home(client_for):
    it = make.company()
    it.submit()
    from neike.kernel import search
    search.build_anew()
    for language in ("en", "zh-hans"):
        c = client_for(it.anna)
        c.cookies["neike_language"] = language
        assert c.get("/").status_code == 200
        for q in ("", "Laptop", "服务", "zzz", "an", "R-1001"):
            assert c.get(reverse("portal:search"), {"q": q}).status_code in (200, 302)
            assert c.get(reverse("portal:suggest"), {"q": q}).status_code == 200
