"""The second step: authenticator app and recovery codes."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.utils import timezone

from neike.org import sealed
from tests import make
from tests.make.background import run_jobs
from tests.make.org import PASSWORD

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/"
SECOND = "/account/2fa/authenticate/"


def code(secret: str, *, ago: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 - ago))


@pytest.fixture
def protected(client, django_capture_on_commit_callbacks):
    """A person with an app, its secret and recovery codes; signed out again."""
    person = make.account()
    client.post(LOGIN, {"login": person.employee_no, "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/2fa/totp/activate/", {"code": code(secret)})
    codes = client.get("/account/2fa/recovery-codes/").context["unused_codes"]
    client.post("/account/logout/")
    return person, secret, codes


def is_in(client) -> bool:
    return client.get("/profile/").status_code == 200


def test_password_alone_is_not_enough_and_the_code_completes_it(client, protected):
    person, secret, _codes = protected

    client.post(LOGIN, {"login": person.employee_no, "password": PASSWORD})
    assert not is_in(client)
    client.post(SECOND, {"code": "000000"})
    assert not is_in(client)
    client.post(SECOND, {"code": code(secret, ago=-1)})

    assert is_in(client)


def test_a_recovery_code_works_once(client, protected):
    person, _secret, codes = protected

    for turn, expected in enumerate((True, False)):
        client.post("/account/logout/")
        client.post(LOGIN, {"login": person.employee_no, "password": PASSWORD})
        client.post(SECOND, {"code": codes[0]})
        assert is_in(client) is expected, turn


def test_empty_and_twisted_codes_never_pass(client, protected):
    person, _secret, _codes = protected
    client.post(LOGIN, {"login": person.employee_no, "password": PASSWORD})

    for fields in ({}, {"code": ""}, {"code": "None"}, {"code": "\x00"}, {"credential": ""}, {"credential": "null"},
                   {"credential": "{}"}, {"code": ["", "1"]}):  # fmt: skip
        client.post(SECOND, fields)

    assert not is_in(client)


def test_guessing_codes_stops(client, protected):
    person, secret, _codes = protected
    client.post(LOGIN, {"login": person.employee_no, "password": PASSWORD})
    for turn in range(12):
        client.post(SECOND, {"code": f"{turn:06}"}, HTTP_X_FORWARDED_FOR=f"10.0.0.{turn}")

    client.post(SECOND, {"code": code(secret, ago=-1)})

    assert not is_in(client)


def test_secrets_lie_sealed_in_the_database(protected):
    _person, secret, codes = protected

    stored = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert secret not in stored
    assert not any(each in stored for each in codes)


def test_a_sealed_secret_opens_after_the_key_was_changed(settings):
    box = sealed.seal("kept")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key"

    assert sealed.unseal(box) == "kept"


def test_the_person_is_told_by_mail_without_any_secret(protected):
    person, secret, codes = protected
    run_jobs(timezone.now())

    (message,) = (each for each in mail.outbox if "身份验证器" in each.subject)
    assert person.email in message.to[0]
    assert not any(each in message.body for each in (secret, *codes))


def test_changing_security_asks_once_more_who_it_is(client, protected):
    person, secret, _codes = protected
    client.post(LOGIN, {"login": person.employee_no, "password": PASSWORD})
    client.post(SECOND, {"code": code(secret, ago=-1)})

    response = client.post("/account/2fa/totp/deactivate/")

    assert "/reauthenticate/" in response.url
    assert Authenticator.objects.filter(user=person, type="totp").exists()
