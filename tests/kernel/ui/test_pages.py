"""Language, theme, error pages and the style page."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from neike.kernel.registries import NAVIGATION, NavigationEntry
from neike.kernel.ui import errors, navigation, preferences, views
from tests.make import org


def test_the_chosen_theme_is_on_the_next_page(client_for):
    client = client_for(org.person())

    response = client.post(reverse("ui:theme"), {"theme": "dark", "next": "/ui/style"})

    assert response.headers["Location"] == "/ui/style"
    assert 'data-theme="neike-dark"' in client.get(reverse("ui:style")).content.decode()


@pytest.mark.parametrize("name", ["ui:theme", "ui:language"])
@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_a_preference_never_leads_to_another_site(name, target):
    response = Client().post(reverse(name), {"theme": "dark", "language": "en", "next": target})

    assert response.headers["Location"] == "/"


@pytest.mark.parametrize("name", ["ui:theme", "ui:language"])
def test_an_unknown_preference_is_refused(name):
    response = Client().post(reverse(name), {"theme": "pink", "language": "xx"})

    assert response.status_code == 400
    assert not response.cookies


def test_whoever_keeps_preferences_is_told(client_for, monkeypatch):
    monkeypatch.setattr(preferences, "_savers", [])
    told = []
    preferences.saves_preferences(lambda person, name, value: told.append((person, name, value)))
    person = org.person()

    client_for(person).post(reverse("ui:language"), {"language": "en"})
    Client().post(reverse("ui:language"), {"language": "en"})

    assert told == [(person, "language", "en")]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("status", errors.TEXTS)
def test_an_error_page_says_what_happened_what_is_safe_and_what_to_do(status, language):
    with translation.override(language):
        response = views.error_page(RequestFactory().get("/x"), status)
        text = errors.TEXTS[status]
        page = response.content.decode()

        assert response.status_code == status
        assert all(str(part) in page for part in (text.title, text.happened, text.kept, text.todo))


def test_an_error_inside_a_page_becomes_a_toast():
    response = views.error_page(RequestFactory().get("/x", headers={"HX-Request": "true"}), 500)

    assert response.headers["HX-Retarget"] == "#toasts"
    assert "<html" not in response.content.decode()


def test_an_unknown_address_answers_in_the_readers_language():
    response = Client(headers={"Accept-Language": "zh-CN"}).get("/no/such/page")

    assert response.status_code == 404
    assert "这里什么都没有" in response.content.decode()


@pytest.fixture
def entries(monkeypatch):
    monkeypatch.setattr(NAVIGATION, "_entries", {})
    return NAVIGATION.register


def test_the_sidebar_marks_the_page_and_the_section(entries):
    entries(NavigationEntry("home", 1, "Home", "home", "portal:home"))
    entries(NavigationEntry("style", 2, "Kit", "loop", "ui:style", group="admin"))

    groups = navigation.sidebar(None, "/ui/style")
    below = navigation.sidebar(None, "/ui/style/more")

    assert [[link.current for link in group.links] for group in groups] == [[""], ["page"]]
    assert [[link.current for link in group.links] for group in below] == [[""], ["true"]]


def test_the_sidebar_leaves_out_what_a_person_may_not_see(entries):
    entries(
        NavigationEntry("home", 1, "Home", "home", "portal:home", visible=lambda _person: False)
    )

    assert navigation.sidebar(None, "/") == []


def test_an_entry_in_an_unknown_group_fails_loudly(entries):
    entries(NavigationEntry("home", 1, "Home", "home", "portal:home", group="attic"))

    with pytest.raises(ValueError, match="unknown navigation group 'attic'"):
        navigation.sidebar(None, "/")


def test_a_large_count_stays_short():
    assert navigation.Link("k", "l", "i", "/", 1000, "").count_text == "99+"
