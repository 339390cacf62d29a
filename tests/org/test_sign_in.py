"""Signing in and out: by number or e-mail, with what attackers try."""

import re
from datetime import date, timedelta
from email.utils import parseaddr

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from neike.kernel.mail.models import OutboundMail
from neike.kernel.registries import DemoAccount, Registry
from neike.org.actions import people
from neike.org.models import Person
from neike.org.queries import demo_accounts
from tests import make
from tests.make.background import run_jobs
from tests.make.org import NOW, PASSWORD

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/"
HOME = "/"


def sign_in(client: Client, login: str, password: str = PASSWORD, **extra: str):
    return client.post(LOGIN, {"login": login, "password": password}, **extra)


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def sent_to() -> list[str]:
    """Let the worker send what is queued; return the addresses, in order."""
    run_jobs(timezone.now())
    return [parseaddr(message.to[0])[1] for message in mail.outbox]


def text_of(response) -> str:
    """Return a page without what differs between any two loads."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    body = re.sub(r'"X-CSRFToken": "[^"]+"', "", body)
    return re.sub(r'nonce="[^"]+"', "", body)


@pytest.mark.parametrize(
    "login", ["E-77", "e-77", "li.lei@example.com", "LI.LEI@Example.com", " E-77 "]
)
def test_number_and_email_both_sign_in_whatever_their_case(client, login):
    make.account("李雷", employee_no="E-77", email="li.lei@example.com")

    response = sign_in(client, login)

    assert (response.status_code, response.url) == (302, HOME)
    assert is_in(client)


def test_wrong_password_and_unknown_account_look_the_same(client):
    make.account("李雷", employee_no="E-77", email="li.lei@example.com")
    wrong = sign_in(client, "E-77", "not the password")
    unknown = sign_in(client, "E-99", "not the password")
    wrong_mail = sign_in(client, "li.lei@example.com", "not the password")
    unknown_mail = sign_in(client, "no.one@example.com", "not the password")

    assert wrong.status_code == unknown.status_code == wrong_mail.status_code
    assert text_of(wrong).replace("E-77", "") == text_of(unknown).replace("E-99", "")
    assert text_of(wrong_mail).replace("li.lei", "") == text_of(unknown_mail).replace("no.one", "")


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password is hashed: what a sign-in costs is what its time tells."""

    hashed = 0

    def encode(self, password, salt):
        CountingHasher.hashed += 1
        return super().encode(password, salt)


def test_every_try_costs_the_same_hashing_whoever_it_is_for(client, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    make.account(employee_no="E-77", email="li.lei@example.com")
    make.account(employee_no="E-78", can_sign_in=False)
    make.person(employee_no="E-79")
    costs = []

    for login in ("E-77", "li.lei@example.com", "E-78", "E-79", "E-80", "nobody@example.com"):
        before = CountingHasher.hashed
        sign_in(client, login, "not the password")
        costs.append(CountingHasher.hashed - before)

    assert costs == [1] * 6


@pytest.mark.parametrize(
    "fields",
    [{}, {"login": "E-77"}, {"password": PASSWORD}, {"login": "", "password": ""},
     {"login": "E-77", "password": ""}, {"login": "E-77\x00", "password": PASSWORD},
     {"login[]": "E-77", "password": PASSWORD}, {"login": ["", "E-99"], "password": PASSWORD}],
)  # fmt: skip
def test_missing_or_twisted_fields_never_sign_in(client, fields):
    make.account(employee_no="E-77")

    client.post(LOGIN, fields)

    assert not is_in(client)


def test_person_without_password_cannot_sign_in_with_an_empty_one(client):
    person = make.person(employee_no="E-77")
    person.set_unusable_password()
    person.save()

    for password in ("", " ", person.password, "!"):
        sign_in(client, "E-77", password)

    assert not is_in(client)


def test_old_address_in_the_librarys_own_table_opens_nothing(client):
    person = make.account(email="new@example.com")
    EmailAddress.objects.create(user=person, email="old@example.com", verified=True, primary=True)

    sign_in(client, "old@example.com")

    assert not is_in(client)


def test_session_is_renewed_at_sign_in_and_worthless_after_sign_out(client):
    person = make.account()
    client.get(LOGIN)
    client.session["planted"] = 1
    client.session.save()
    before = client.session.session_key

    sign_in(client, person.employee_no)
    during = client.session.session_key
    thief = Client()
    thief.cookies["neike_session"] = during
    assert is_in(thief)
    client.post("/account/logout/")

    assert before != during
    assert not is_in(thief)
    assert not is_in(client)


def test_attackers_session_id_is_not_taken_over(client):
    person = make.account()
    client.cookies["neike_session"] = "attackerchosenvalue0000000000000"

    sign_in(client, person.employee_no)

    assert client.cookies["neike_session"].value != "attackerchosenvalue0000000000000"


def test_sign_out_needs_a_post(client_for):
    client = client_for(make.person())

    client.get("/account/logout/")

    assert is_in(client)


@pytest.mark.parametrize("how", ["disabled", "left", "erased"])
def test_who_may_not_sign_in_is_out_at_the_next_request(client, how):
    person = make.account()
    sign_in(client, person.employee_no)
    changes = {
        "disabled": {"can_sign_in": False},
        "left": {"left_on": date(2020, 1, 1)},
        "erased": {"erased_at": NOW},
    }
    Person.objects.filter(pk=person.pk).update(**changes[how])

    assert not is_in(client)
    again = Client()
    sign_in(again, person.employee_no)
    assert not is_in(again)


def test_who_leaves_next_month_still_signs_in(client):
    person = make.account(left_on=date(2999, 1, 1))

    sign_in(client, person.employee_no)

    assert is_in(client)


def test_disabling_ends_every_session_for_good(client, client_for):
    administrator = make.administrator()
    person = make.account()
    sign_in(client, person.employee_no)
    unlisted = client_for(person)
    people.disable_sign_in(person=person, by=administrator, reason="left the device", now=NOW)
    people.enable_sign_in(person=person, by=administrator, reason="found it", now=NOW)

    assert not is_in(client)
    assert not is_in(unlisted)


def test_changing_the_password_keeps_this_session_and_ends_the_others(client):
    person = make.account()
    other = Client()
    sign_in(client, person.employee_no)
    sign_in(other, person.employee_no)

    client.post(
        "/account/password/change/",
        {
            "oldpassword": PASSWORD,
            "password1": "another long secret",
            "password2": "another long secret",
        },
    )

    assert is_in(client)
    assert not is_in(other)
    assert sent_to() == [person.email]


def test_pages_of_signed_in_people_are_never_stored(client_for):
    response = client_for(make.person()).get("/profile/")

    assert "no-store" in response["Cache-Control"]


def test_nobody_registers(client):
    before = Person.objects.count()
    shown = client.get("/account/signup/")
    client.post(
        "/account/signup/",
        {"username": "x", "email": "x@example.com", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert shown.status_code == 404
    assert Person.objects.count() == before


TARGETS = [
    "https://evil.example", "http://evil.example", "//evil.example", "///evil.example", "////evil.example",
    "\\\\evil.example", "/\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example",
    "\r\n//evil.example", "https:evil.example", "https:/evil.example", "http:///evil.example",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", " https://evil.example",
    "\x00//evil.example", "https://testserver@evil.example", "https://testserver.evil.example",
    "//testserver@evil.example", "https://evil.example#testserver", "https://evil.example\\@testserver",
    "ftp://evil.example", "evil.example", "//evil%E3%80%82example", "http://[::1]@evil.example", "https://\uff10evil.example",
    "https:\\\\evil.example", "\u2028//evil.example",
]  # fmt: skip


@pytest.mark.parametrize("target", TARGETS)
def test_sign_in_never_leads_away(client, target):
    person = make.account()

    response = client.post(
        LOGIN, {"login": person.employee_no, "password": PASSWORD, "next": target}
    )

    assert (response.status_code, response.url) == (302, HOME)


def test_sign_in_leads_to_the_page_that_was_wanted(client):
    person = make.account()
    wanted = client.get("/people/?q=x")

    response = client.post(
        wanted.url, {"login": person.employee_no, "password": PASSWORD, "next": "/people/?q=x"}
    )

    assert response.url == "/people/?q=x"


def test_guessing_stops_whatever_headers_and_spelling_are_tried(client):
    make.account(employee_no="AB-77")
    spellings = ["AB-77", "ab-77", "aB-77", " AB-77", "\uff21\uff22-77"]

    answers = [
        sign_in(
            client,
            spellings[turn % len(spellings)],
            f"guess {turn}",
            HTTP_X_FORWARDED_FOR=f"10.0.{turn}.1",
            HTTP_FORWARDED=f"for=10.0.{turn}.2",
            HTTP_X_REAL_IP=f"10.0.{turn}.3",
            HTTP_CLIENT_IP=f"10.0.{turn}.4",
        )
        for turn in range(40)
    ]
    final = sign_in(client, "AB-77", PASSWORD, HTTP_X_FORWARDED_FOR="10.9.9.9")

    looked_at = [
        answer
        for answer in answers
        if "不正确" in answer.content.decode() or "not right" in answer.content.decode()
    ]
    assert len(looked_at) == 5
    assert final.status_code != 302
    assert not is_in(client)


def test_guessing_many_accounts_from_one_network_stops(client):
    for turn in range(40):
        sign_in(client, f"NO-{turn}", "guess", HTTP_X_FORWARDED_FOR=f"10.0.{turn}.1")
    person = make.account()

    response = sign_in(client, person.employee_no)

    assert response.status_code == 200
    assert not is_in(client)


def test_behind_our_proxy_only_what_it_wrote_counts(client, settings):
    settings.PROXY_HOPS = 1
    for turn in range(40):
        sign_in(client, f"NO-{turn}", "guess", HTTP_X_FORWARDED_FOR=f"10.0.{turn}.1, 192.0.2.1")
    person = make.account()

    stopped = sign_in(Client(), person.employee_no, HTTP_X_FORWARDED_FOR="6.6.6.6, 192.0.2.1")
    elsewhere = sign_in(Client(), person.employee_no, HTTP_X_FORWARDED_FOR="6.6.6.6, 192.0.2.2")

    assert (stopped.status_code, elsewhere.status_code) == (200, 302)


class TestForgottenPassword:
    ASK = "/account/password/reset/"

    def link(self) -> str:
        run_jobs(timezone.now())
        (found,) = re.findall(r"http\S+/password/reset/key/\S+", mail.outbox[-1].body)
        return found

    @pytest.mark.parametrize(
        "headers",
        [{}, {"HTTP_X_FORWARDED_HOST": "evil.example"}, {"HTTP_X_HOST": "evil.example"},
         {"HTTP_FORWARDED": "host=evil.example"}, {"HTTP_X_FORWARDED_SERVER": "evil.example"},
         {"SERVER_NAME": "127.0.0.1"}, {"HTTP_HOST": "127.0.0.1"}],
    )  # fmt: skip
    def test_link_always_leads_to_the_configured_address(self, client, settings, headers):
        settings.BASE_URL = "https://neike.example"
        person = make.account()

        client.post(self.ASK, {"email": person.email}, **headers)

        assert self.link().startswith("https://neike.example/account/password/reset/key/")

    def test_unknown_disabled_and_known_addresses_get_the_same_answer(self, client):
        known, disabled = make.account(), make.account(can_sign_in=False)
        answers = [
            client.post(self.ASK, {"email": email}, follow=True)
            for email in (known.email, disabled.email, "nobody@example.com")
        ]

        assert len({(answer.status_code, text_of(answer)) for answer in answers}) == 1
        assert sent_to() == [known.email]

    def test_no_link_is_stored_with_the_queued_mail(self, client):
        client.post(self.ASK, {"email": make.account().email})

        stored = OutboundMail.objects.get()
        assert (stored.template, stored.context) == ("org/mail/password_link", {})

    def test_link_works_once_and_ends_sessions(self, client):
        person = make.account()
        sign_in(client, person.employee_no)
        visitor = Client()
        visitor.post(self.ASK, {"email": person.email.upper()})
        link = self.link().removeprefix("http://localhost:8000")
        page = visitor.get(link, follow=True)
        new = {"password1": "another long secret", "password2": "another long secret"}

        visitor.post(page.request["PATH_INFO"], new)
        again = Client().get(link, follow=True)

        assert not is_in(client)
        assert sign_in(Client(), person.employee_no, "another long secret").status_code == 302
        assert "password1" not in again.content.decode()

    def test_link_dies_after_an_hour_and_when_the_address_changes(
        self, client, settings, monkeypatch
    ):
        person = make.account()
        administrator = make.administrator()
        client.post(self.ASK, {"email": person.email})
        link = self.link().removeprefix("http://localhost:8000")
        assert "password1" in Client().get(link, follow=True).content.decode()

        people.update_person(person=person, email="moved@example.com", by=administrator, now=NOW)

        assert "password1" not in Client().get(link, follow=True).content.decode()
        assert timedelta(hours=1).total_seconds() == settings.PASSWORD_RESET_TIMEOUT

    def test_asking_is_limited(self, client):
        person = make.account()
        for _turn in range(12):
            client.post(self.ASK, {"email": person.email})

        assert len(sent_to()) == 3

    def test_mail_is_written_in_the_readers_language(self, client):
        for language, subject in (("en", "Choose a new password"), ("zh-hans", "设置新密码")):
            person = make.account(language=language)
            client.post(self.ASK, {"email": person.email})
            run_jobs(timezone.now())
            assert mail.outbox[-1].subject == subject


class TestDemo:
    CLICK = "/account/demo/"

    @pytest.fixture(autouse=True)
    def accounts(self, monkeypatch):
        registry = Registry("demo accounts")
        registry.register(DemoAccount("lead", 1, "D-1", "IT lead", "sees the queue"))
        monkeypatch.setattr(demo_accounts, "DEMO_ACCOUNTS", registry)
        self.lead = make.account("周敏", employee_no="D-1")
        self.other = make.account(employee_no="D-2")

    def test_outside_the_demo_it_does_not_exist(self, client):
        response = client.post(self.CLICK, {"employee_no": "D-1"})

        assert response.status_code == 404
        assert not is_in(client)
        assert "周敏" not in client.get(LOGIN).content.decode()

    def test_one_click_signs_in(self, client, settings):
        settings.DEMO = True
        page = client.get(LOGIN).content.decode()
        assert "周敏" in page
        assert "sees the queue" in page

        response = client.post(self.CLICK, {"employee_no": "D-1"})

        assert (response.status_code, response.url) == (302, HOME)
        assert client.get("/profile/").context["person"] == self.lead
        assert self.lead.usersession_set.count() == 1

    @pytest.mark.parametrize("number", ["D-2", "", "d-1", "D-1 "])
    def test_only_offered_accounts_are_opened(self, client, settings, number):
        settings.DEMO = True

        assert client.post(self.CLICK, {"employee_no": number}).status_code == 404
        assert not is_in(client)

    def test_a_get_signs_nobody_in(self, client, settings):
        settings.DEMO = True

        assert client.get(self.CLICK, {"employee_no": "D-1"}).status_code == 405

    @pytest.mark.parametrize("target", TARGETS)
    def test_a_click_never_leads_away(self, client, settings, target):
        settings.DEMO = True

        response = client.post(self.CLICK, {"employee_no": "D-1", "next": target})

        assert response.url == HOME


@pytest.mark.parametrize("page", ["account_login", "account_reset_password", "account_reset_password_done", "account_inactive", "account_reset_password_from_key_done"])  # fmt: skip
def test_pages_of_signing_in_open_for_everybody(client, page):
    assert client.get(reverse(page)).status_code == 200
