"""Signing in with a real browser: passkeys, and pages everybody can use."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache

from neike.kernel.registries import DEMO_ACCOUNTS
from tests import make
from tests.make.org import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

VARIANTS = [
    pytest.param(language, theme, width, id=f"{language}-{theme}-{width}")
    for language in ("en", "zh-hans")
    for theme in ("light", "dark")
    for width in (360, 1280)
]


@pytest.fixture(autouse=True)
def _own_cache(settings, request):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": request.node.nodeid,
        }
    }
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    yield
    cache.clear()


@pytest.fixture
def authenticator():
    """Put a virtual authenticator with a user who touches it into a page."""

    def plug_in(page) -> None:
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        session.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )

    return plug_in


def test_a_passkey_is_added_and_signs_in_without_a_password(open_page, authenticator, live_server):
    person = make.account("陈思远", language="en")
    opened = open_page("/account/login/")
    page = opened.page
    authenticator(page)
    page.get_by_label("Employee number or e-mail").fill(person.employee_no)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(live_server.url + "/")

    page.goto("/account/2fa/passkeys/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/2fa/passkeys/add/")
    page.get_by_label("Name").fill("my laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/2fa/recovery-codes/")
    page.goto("/account/2fa/passkeys/")
    assert page.get_by_text("my laptop").is_visible()
    opened.check()

    page.context.clear_cookies(name="neike_session")
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(live_server.url + "/")
    page.goto("/profile/")

    assert page.get_by_role("heading", level=1).inner_text() == "陈思远"
    assert Authenticator.objects.filter(user=person, type="webauthn").count() == 1
    assert opened.complaints == []


@pytest.mark.parametrize(("language", "theme", "width"), VARIANTS)
def test_the_sign_in_page_suits_everybody(open_page, settings, language, theme, width):
    settings.DEMO = True
    for account in DEMO_ACCOUNTS:
        make.person(employee_no=account.employee_no)

    open_page("/account/login/", language=language, theme=theme, width=width).check()


@pytest.mark.parametrize("path", ["/people/", "/profile/", "/roles/", "/roles/who-may/", "/account/2fa/",
                                  "/account/sessions/", "/account/password/change/", "/people/new/", "/account/2fa/totp/activate/"])  # fmt: skip
@pytest.mark.parametrize(("language", "theme", "width"), [VARIANTS[1].values, VARIANTS[6].values])
def test_own_pages_suit_everybody(open_page, path, language, theme, width):
    person = make.administrator("陈思远", department=make.department(), language=language)
    make.grant(make.person("王芳"), "AG", department=make.department())

    open_page(path, person=person, language=language, theme=theme, width=width).check()


def test_one_signs_in_by_keyboard_alone(open_page, live_server):
    person = make.account()
    page = open_page("/account/login/").page

    page.get_by_label("Employee number or e-mail").focus()
    page.keyboard.type(person.employee_no)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    page.wait_for_url(live_server.url + "/")


def test_one_signs_in_without_scripts(open_page, live_server):
    person = make.account()
    page = open_page("/account/login/", scripts=False).page

    page.get_by_label("Employee number or e-mail").fill(person.employee_no)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    assert page.url == live_server.url + "/"
