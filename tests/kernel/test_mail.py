"""Mails are written at sending time, sent once, and cannot be bent by what people type."""

import copy
from email.policy import default
from pathlib import Path

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMultiAlternatives, send_mail
from django.urls import reverse

from neike.kernel import mail
from neike.kernel.mail import actions, preparing
from neike.kernel.mail.choices import CancelReason, MailState
from neike.kernel.mail.models import CaughtMail, OutboundMail
from neike.kernel.mail.writing import OutsideLinkError, absolute
from tests.make import org as make
from tests.make.background import run_jobs
from tests.make.org import NOW

CATCHER = "neike.kernel.mail.catcher.CatcherBackend"


@pytest.fixture(autouse=True)
def _templates(settings, monkeypatch):
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [Path(__file__).parent / "mail_templates"]
    templates[0]["OPTIONS"]["loaders"][0][1].append("django.template.loaders.filesystem.Loader")
    settings.TEMPLATES = templates
    settings.BASE_URL = "https://neike.example"
    monkeypatch.setattr(preparing, "_prepares", {})


def _send(person, word: str = "word", **more) -> OutboundMail:
    return mail.send(to=person, template="test/hello", context={"word": word}, now=NOW, **more)


def _sent() -> EmailMultiAlternatives:
    run_jobs()
    (message,) = outbox.outbox
    assert isinstance(message, EmailMultiAlternatives)
    return message


def _html(message: EmailMultiAlternatives) -> str:
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    return str(html)


@pytest.mark.parametrize(
    ("language", "subject"), [("en", "Open in Neike: word"), ("zh-hans", "在内客中打开: word")]
)
def test_a_mail_is_written_in_its_readers_language_as_text_and_html(db, language, subject):
    _send(make.person("王芳", language=language))

    message = _sent()

    assert message.subject == subject
    assert "王芳: word" in message.body
    assert f'lang="{language}"' in _html(message)


def test_a_mail_carries_a_stable_id_and_says_that_it_is_automatic(db):
    queued = _send(make.person())

    headers = _sent().message()

    assert headers["Message-ID"] == f"<{queued.public_id}@neike.example>"
    assert headers["X-Neike-Id"] == str(queued.public_id)
    assert headers["Auto-Submitted"] == "auto-generated"
    queued.refresh_from_db()
    assert (queued.state, queued.sent_at) == (MailState.SENT, NOW)


def test_markup_in_what_people_typed_stays_text(db):
    _send(make.person("<b>Eve</b>"), word="<img src=x onerror=alert(1)> & 'q'")

    message = _sent()

    assert "<img" not in _html(message)
    assert "<b>Eve</b>: <img src=x onerror=alert(1)> & 'q'" in message.body


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r", "\0", "\u2028", "\x0b"])
@pytest.mark.parametrize("place", ["subject", "name"])
def test_a_header_with_a_line_break_or_control_character_is_refused(db, sign, place):
    hostile = f"a{sign}Bcc: everybody@example.com"
    person = make.person(hostile.replace("\0", "\x01") if place == "name" else "Wang")
    queued = _send(person, word=hostile.replace("\0", "\x01") if place == "subject" else "word")

    run_jobs()

    queued.refresh_from_db()
    assert (queued.state, queued.reason) == (MailState.CANCELLED, CancelReason.BAD_HEADER)
    assert outbox.outbox == []


def test_a_name_full_of_signs_is_one_recipient(db):
    _send(make.person('Wang, "Fang" <x@example.com>', email="wang@example.com"))

    headers = _sent().message()

    assert [address.addr_spec for address in _addresses(headers["To"])] == ["wang@example.com"]


def _addresses(value):
    return default.header_factory("To", str(value)).addresses


def test_the_same_key_sends_one_mail_to_a_person(db):
    person = make.person()

    first, second = _send(person, key="k"), _send(person, key="k")
    _send(make.person(), key="k")

    assert first == second
    assert run_jobs() == 2
    assert run_jobs() == 0


def test_no_more_than_the_hourly_budget_reaches_one_person(db):
    person = make.person()
    for number in range(actions.BUDGET + 20):
        _send(person, word=str(number))

    run_jobs()

    assert len(outbox.outbox) == actions.BUDGET
    assert OutboundMail.objects.filter(reason=CancelReason.OVER_BUDGET).count() == 20


def test_right_lost_after_queueing_keeps_the_mail_back(db):
    allowed = [1]
    mail.prepares("test/hello")(lambda person, context, *, now: context if allowed else None)
    queued = _send(make.person())
    allowed.clear()

    run_jobs()

    queued.refresh_from_db()
    assert queued.reason == CancelReason.NOT_PERMITTED
    assert outbox.outbox == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"email": None}, CancelReason.NO_ADDRESS),
        ({"can_sign_in": False}, CancelReason.LEFT),
        ({"left_on": NOW.date()}, CancelReason.LEFT),
    ],
)
def test_nobody_to_write_to_is_recorded(db, changes, reason):
    queued = _send(make.person(**changes))

    run_jobs()

    queued.refresh_from_db()
    assert (queued.state, queued.reason) == (MailState.CANCELLED, reason)


def test_content_is_not_accepted_in_the_queue(db):
    with pytest.raises(TypeError, match="word"):
        mail.send(to=make.person(), template="test/hello", context={"word": object()}, now=NOW)


def test_links_come_from_the_configured_address(db):
    mail.send(
        to=make.person(), template="test/hello", context={"word": "w", "url": "/desk/7/"}, now=NOW
    )

    message = _sent()

    assert "https://neike.example/desk/7/" in message.body
    assert 'href="https://neike.example/desk/7/"' in _html(message)


@pytest.mark.parametrize(
    "path", ["//evil.example/", "https://evil.example/", "desk/", "/\\evil.example"]
)
def test_links_to_elsewhere_are_refused(path):
    with pytest.raises(OutsideLinkError):
        absolute(path)


def test_a_mail_has_no_remote_content(db):
    _send(make.person())

    html = _html(_sent())

    assert "http" not in html.replace("https://neike.example", "")
    assert "<img" not in html


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    settings.EMAIL_BACKEND = CATCHER


def _catch(subject: str = "hello", html: str = "<p>hi</p>") -> CaughtMail:
    send_mail(subject, "text http://localhost:8000/x", None, ["a@example.com"], html_message=html)
    return CaughtMail.objects.latest("pk")


def test_the_catcher_lists_mails_newest_first_at_constant_cost(
    demo, client_for, django_assert_max_num_queries
):
    client = client_for(make.person())
    client.get(reverse("mail:catcher"))
    costs, shown = [], []
    for number in range(3):
        _catch(f"mail {number}")
        with django_assert_max_num_queries(30) as captured:
            shown = client.get(reverse("mail:catcher")).context["mails"]
        costs.append(len(captured))

    assert costs[0] == costs[2]
    assert [row.subject for row in shown] == ["mail 2", "mail 1", "mail 0"]


def test_a_caught_mail_is_shown_as_text_and_in_a_sandbox(demo, client_for):
    caught = _catch(html="<script>alert(1)</script><p>hi</p>")
    client = client_for(make.person())

    page = client.get(reverse("mail:caught", args=[caught.pk]))
    framed = client.get(reverse("mail:caught_html", args=[caught.pk]))

    assert "<script>alert(1)</script>" not in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert framed["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert framed["X-Frame-Options"] == "SAMEORIGIN"


def test_outside_the_demo_nobody_sees_caught_mail(client_for, settings, demo):
    caught = _catch()
    settings.DEMO = False
    client = client_for(make.person())

    for address in (reverse("mail:catcher"), reverse("mail:caught", args=[caught.pk])):
        assert client.get(address).status_code in {403, 404}


def test_a_mail_server_that_is_down_makes_the_mail_wait_for_another_try(db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    queued = _send(make.person())

    with pytest.raises(OSError, match="refused"):
        run_jobs()

    queued.refresh_from_db()
    assert queued.state == MailState.WAITING
