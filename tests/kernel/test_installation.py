"""The settings of the installation: who changes them, what is refused, and that nobody works with old ones."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation
from PIL import Image

from neike.kernel import installation, mail
from neike.kernel.audit import queries as audit_queries
from neike.kernel.installation import actions, context, queries
from neike.kernel.installation.models import Installation
from neike.kernel.mail import writing
from neike.kernel.mail.models import OutboundMail
from neike.kernel.texts import LocalizedText
from tests import make

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
URL = "installation:settings"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(tmp_path, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }


def _form(**fields: object) -> dict[str, object]:
    return {
        "revision": 0,
        "name_zh": "云岭科技",
        "name_en": "Yunling Tech",
        "zone": "Asia/Shanghai",
        "fiscal_start_month": 4,
        "languages": ["zh-hans", "en"],
        "default_language": "en",
        "support_contact": "8888",
        **fields,
    }


def _logo(content: bytes | None = None, name: str = "logo.png") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGBA", (80, 40), "red").save(out, "PNG")
    return SimpleUploadedFile(name, content or out.getvalue())


def test_before_anybody_decided_the_defaults_hold():
    found = installation.current()

    assert (str(found.zone_info), found.fiscal_start_month, found.revision) == (
        "Asia/Shanghai",
        1,
        0,
    )
    assert found.name == LocalizedText.of(zh="内客", en="Neike")
    assert not Installation.objects.exists()


def test_an_administrator_changes_everything_and_it_is_recorded(client_for, holder_of):
    administrator = holder_of("SA")
    client = client_for(administrator)

    response = client.post(reverse(URL), {**_form(), "logo": _logo()})

    found = installation.current()
    assert response.status_code == 302
    assert (found.name, found.fiscal_start_month, found.default_language, found.revision) == (
        LocalizedText.of(zh="云岭科技", en="Yunling Tech"),
        4,
        "en",
        1,
    )
    line = audit_queries.page(audit_queries.entries_about(found))[0][0]
    assert line.entry.actor == administrator
    assert len(line.changes) == 5  # name, month, default language, contact, logo


@pytest.mark.parametrize("role", ["AU", "HR"])
def test_nobody_else_reaches_the_page_or_the_action(client_for, holder_of, role):
    person = holder_of(role)

    assert client_for(person).post(reverse(URL), _form()).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.change(values={}, by=person, revision=0, now=NOW)
    assert not Installation.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("zone", "Mars/Phobos", ["Mars/Phobos", "Asia/Shanghai"]),
        ("zone", "../../etc/passwd", ["Asia/Shanghai"]),
        ("fiscal_start_month", "13", []),
        ("languages", ["tlh"], ["tlh"]),
        ("languages", ["zh-hans"], []),
        ("revision", "x", []),
        ("support_contact", "x" * 201, []),
    ],
)
def test_what_cannot_be_is_refused_with_a_clear_word_and_nothing_changes(
    client_for, holder_of, field, value, words
):
    response = client_for(holder_of("SA")).post(
        reverse(URL), _form(**{field: value}), headers={"accept-language": "en"}
    )

    assert response.status_code == 422
    errors = str(response.context["form"].errors)
    assert all(word in errors for word in words)
    assert not Installation.objects.exists()


def test_a_nameless_installation_is_refused(client_for, holder_of):
    response = client_for(holder_of("SA")).post(reverse(URL), _form(name_zh="", name_en=""))

    assert response.status_code == 422
    assert "name_zh" in response.context["form"].errors


def test_the_action_itself_refuses_an_unknown_zone(holder_of):
    with pytest.raises(actions.UnknownZoneError, match="Nowhere"):
        actions.change(values={"zone": "Nowhere"}, by=holder_of("SA"), revision=0, now=NOW)

    assert installation.current().zone == "Asia/Shanghai"


def test_a_stale_save_is_refused_and_shows_what_is_set_now(client_for, holder_of):
    client = client_for(holder_of("SA"))
    client.post(reverse(URL), _form(support_contact="first"))

    response = client.post(reverse(URL), _form(support_contact="second"))

    assert response.status_code == 409
    assert response.context["form"].initial["support_contact"] == "first"
    assert installation.current().support_contact == "first"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<svg xmlns='x' onload='alert(1)'/>", "logo.svg"),
        (b"\x89PNG\r\n\x1a\nbroken", "a.png"),
        (b"MZ\x90", "a.png"),
    ],
)
def test_a_logo_must_be_a_picture(client_for, holder_of, content, name):
    response = client_for(holder_of("SA")).post(
        reverse(URL), {**_form(), "logo": _logo(content, name)}
    )

    assert response.status_code == 422
    assert name in str(response.context["form"].errors["logo"])
    assert not Installation.objects.exists()


def test_the_logo_is_shown_to_visitors_as_a_picture_drawn_anew(client, client_for, holder_of):
    shown = context.Shown()
    assert shown.logo_url == ""
    client_for(holder_of("SA")).post(reverse(URL), {**_form(), "logo": _logo()})

    response = client.get(context.Shown().logo_url)

    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    with Image.open(BytesIO(b"".join(response.streaming_content))) as image:
        assert image.size == (80, 40)


def test_the_logo_can_be_removed(client, client_for, holder_of):
    editor = client_for(holder_of("SA"))
    editor.post(reverse(URL), {**_form(), "logo": _logo()})
    editor.post(reverse(URL), _form(revision=1, remove_logo="on"))

    assert installation.current().logo is None
    assert client.get(reverse("installation:logo", args=[2])).status_code == 404


def test_the_page_shows_what_is_set(client_for, holder_of):
    client = client_for(holder_of("SA"))
    client.post(reverse(URL), _form())

    page = client.get(reverse(URL)).content.decode()

    assert "云岭科技" in page
    assert "Yunling Tech" in page


def test_the_database_holds_one_row_and_a_real_month():
    Installation.objects.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        Installation.objects.create(id=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Installation.objects.update(fiscal_start_month=13)


def test_within_a_request_the_settings_are_looked_up_once_and_afterwards_again(
    django_assert_num_queries,
):
    Installation.objects.create(support_contact="old")
    seen = []

    def view(_request: object) -> None:
        seen.append(installation.current().support_contact)
        Installation.objects.update(support_contact="new")  # another process
        seen.append(installation.current().support_contact)

    with django_assert_num_queries(2):
        queries.remembered_per_request(view)(RequestFactory().get("/"))  # type: ignore[arg-type]
    seen.append(installation.current().support_contact)

    assert seen == ["old", "old", "new"]


def test_the_name_speaks_the_readers_language():
    with translation.override("en"):
        assert context.Shown().name == "Neike"
    with translation.override("zh-hans"):
        assert context.Shown().name == "内客"


def _branded(client_for, holder_of, **fields):
    editor = client_for(holder_of("SA"))
    editor.post(reverse(URL), {**_form(**fields), "logo": _logo()})
    return editor


@pytest.mark.parametrize("route", ["ui:style", "account_login"])
def test_every_page_carries_the_installations_name_logo_and_contact(
    client, client_for, holder_of, route
):
    signed_in = _branded(client_for, holder_of, support_contact="help@example.com")
    reader = client if route == "account_login" else signed_in

    page = reader.get(reverse(route), headers={"accept-language": "en"}).content.decode()

    assert "· Yunling Tech</title>" in page
    assert '<span class="truncate">Yunling Tech</span>' in page
    assert f'src="{reverse("installation:logo", args=[1])}"' in page
    assert 'href="mailto:help@example.com"' in page
    assert ">Neike<" not in page


def test_a_mail_carries_the_name_and_the_contact(client_for, holder_of):
    _branded(client_for, holder_of, support_contact="8888")
    person = make.person(language="en")
    mail.send(to=person, template="org/mail/password_link", context={}, now=NOW)

    message = writing.write(OutboundMail.objects.get(person=person), now=NOW)

    assert "your account at Yunling Tech." in str(message.body)
    assert "Help: 8888" in str(message.body)
    assert "Help: 8888" in str(message.alternatives[0][0])


@pytest.mark.parametrize(
    ("contact", "url"),
    [
        ("help@example.com", "mailto:help@example.com"),
        ("https://help.example.com/a", "https://help.example.com/a"),
        ("javascript:alert(1)", ""),
        ("Extension 8888", ""),
        ("", ""),
    ],
)
def test_a_contact_leads_only_to_a_mail_or_an_https_page(contact, url):
    assert context.contact_url(contact) == url


def test_robots_stay_out_and_browsers_find_the_mark_the_logo_and_the_name(
    client, client_for, holder_of
):
    assert "Disallow: /" in client.get("/robots.txt").content.decode()
    assert client.get("/favicon.ico")["Location"].endswith("/neike/icon.svg")
    _branded(client_for, holder_of)

    manifest = client.get("/manifest.webmanifest", headers={"accept-language": "en"}).json()

    logo = reverse("installation:logo", args=[1])
    assert client.get("/favicon.ico")["Location"] == logo
    assert (manifest["name"], manifest["icons"][0]["src"]) == ("Yunling Tech", logo)
