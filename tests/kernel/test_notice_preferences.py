"""How one wants to be told: the page, the preview, muting, stopping by mail, and the API."""

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse

from neike.desk import actions as desk_actions
from neike.kernel.notices import actions
from neike.kernel.notices.kinds import KINDS
from neike.kernel.notices.models import Notice, NoticeMute, NoticePreferences
from neike.kernel.notices.wishes import own
from tests.make import desk as make
from tests.make.background import run_background
from tests.make.desk import at

pytestmark = pytest.mark.django_db
PAGE = "/notices/preferences/"
NOW = at("2 11:00")


@pytest.fixture
def it():
    return make.company()


def typed(person, **changes) -> dict[str, str]:
    """Return what the page posts when only `changes` differ from what is kept."""
    from neike.kernel.notices.forms import PreferencesForm  # noqa: PLC0415 - the page's own

    form = PreferencesForm(kept=own(person))
    data = {}
    for name, field in form.fields.items():
        value = form[name].value()
        if value is True:
            data[name] = "on"
        elif value is not False and value is not None:
            data[name] = str(value)
        assert field is not None
    return {name: value for name, value in (data | changes).items() if value != "-"}


def test_without_a_row_defaults_hold_and_looking_stores_nothing(it, client_for):
    response = client_for(it.anna).get(PAGE)

    assert response.status_code == 200
    assert not NoticePreferences.objects.exists()
    assert len(response.context["samples"]) == 6


def test_saving_without_a_change_keeps_no_choice(it, client_for):
    assert client_for(it.anna).post(PAGE, typed(it.anna)).status_code == 302
    assert NoticePreferences.objects.get().choices == {}


def test_what_is_chosen_is_kept_and_shown_again(it, client_for):
    client = client_for(it.anna)
    changes = {
        "mail-desk-message_posted": "digest",
        "product-desk-participant_added": "-",
        "digest": "weekly",
        "digest_at": "07:45",
        "digest_weekday": "4",
        "has_quiet_hours": "-",
    }

    assert client.post(PAGE, typed(it.anna, **changes)).status_code == 302

    row = NoticePreferences.objects.get()
    assert row.choices == {
        "desk.message_posted": {"mail": "digest"},
        "desk.participant_added": {"product": "off"},
    }
    assert (row.digest, row.digest_at, row.digest_weekday, row.has_quiet_hours) == (
        "weekly",
        465,
        4,
        False,
    )
    assert client.get(PAGE).context["form"]["digest_weekday"].value() == 4


@pytest.mark.parametrize(
    "changes",
    [
        {"digest": "hourly"},
        {"digest_at": "25:00"},
        {"digest_weekday": "9"},
        {"quiet_from": "08:00", "quiet_to": "08:00"},
        {"quiet_from": "08:00", "quiet_to": "07:00"},
        {"mail-desk-message_posted": "sometimes"},
        {"quiet_from": ""},
    ],
)
def test_nonsense_is_refused_with_the_form(it, client_for, changes):
    response = client_for(it.anna).post(PAGE, typed(it.anna, **changes))

    assert response.status_code == 422
    assert not NoticePreferences.objects.exclude(choices={}).exists()


def test_what_asks_one_to_act_cannot_be_off_in_the_product(it):
    with pytest.raises(actions.PreferencesError):
        actions.keep_preferences(
            person=it.anna, choices={"desk.approval_asked": {"product": "off"}}
        )
    must = {kind.key for kind in KINDS if not kind.may_be_off}
    assert must == {
        "desk.approval_asked",
        "desk.leg_assigned",
        "desk.task_assigned",
        "desk.leg_waiting",
        "desk.requester_reminded",
        "org.erasure_proposed",
    }


def test_the_preview_says_what_would_be_and_keeps_nothing(it, client_for):
    it.anna.language = "en"
    it.anna.save()
    client = client_for(it.anna)
    url = reverse("notices:preview")
    nights = typed(it.anna, only_working_time="-", has_quiet_hours="-")

    shown = client.post(url, nights).content.decode()

    assert shown.count("<strong>at once</strong>") >= 3
    assert "You have read" not in shown
    assert not NoticePreferences.objects.exists()
    trouble = client.post(url, typed(it.anna, quiet_from="")).content.decode()
    assert "text-error" in trouble


def test_muting_needs_a_post_and_something_one_may_read(it, client_for):
    ticket = it.submit(now=NOW)
    url = reverse("notices:mute", args=["ticket", ticket.pk])

    assert client_for(it.anna).get(url).status_code == 200
    assert not NoticeMute.objects.exists()
    for path in (url, "/notices/mute/ticket/99999/", "/notices/mute/nothing/1/"):
        assert client_for(it.fei).post(path).status_code == 404
    for _time in range(2):
        client_for(it.anna).post(url)
    assert NoticeMute.objects.get().subject == f"ticket:{ticket.pk}"
    client_for(it.anna).post(url, {"again": "1"})
    assert not NoticeMute.objects.exists()


def stop_link(it) -> str:
    leg = it.submit(now=NOW).legs.get()
    desk_actions.assign_leg(leg=leg, by=it.it_head, to=it.ivan, version=leg.version, now=NOW)
    run_background(NOW)
    (sent,) = [one for one in outbox.outbox if it.ivan.email in one.to[0]]
    header = sent.extra_headers["List-Unsubscribe"].strip("<>")
    return "/notices/" + header.partition("/notices/")[2]


def test_the_stop_link_acts_on_post_alone_and_without_signing_in(it):
    path = stop_link(it)
    program = Client(enforce_csrf_checks=True)

    assert program.get(path).status_code == 200
    assert program.head(path).status_code == 200
    assert not NoticePreferences.objects.exists()
    assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert NoticePreferences.objects.get(person=it.ivan).choices == {
        "desk.leg_assigned": {"mail": "off"}
    }


def test_a_forged_stop_link_does_nothing(it):
    path = stop_link(it)
    forged = path[:-3] + ("AA/" if not path.endswith("AA/") else "BB/")

    assert Client().post(forged).status_code == 410
    assert Client().post("/notices/stop/x/").status_code == 410
    assert not NoticePreferences.objects.exists()


def test_notices_about_one_request_stand_together_and_are_read_together(it, client_for):
    leg = it.accepted(now=NOW)
    other = it.accepted(now=NOW)
    for ticket in (leg.ticket, other.ticket, leg.ticket):
        desk_actions.post_message(ticket=ticket, by=it.ivan, body="x", now=NOW)
    run_background(NOW)
    client = client_for(it.anna)

    groups = client.get(reverse("notices:list")).context["groups"]

    assert [(group.label, len(group.rows)) for group in groups] == [
        (f"{leg.ticket} Laptop", 2),
        (f"{other.ticket} Laptop", 1),
    ]
    client.post(reverse("notices:subject_read", args=["ticket", leg.ticket_id]))
    unread = Notice.objects.filter(person=it.anna, read_at__isnull=True)
    assert [each.subject for each in unread] == [f"ticket:{other.ticket_id}"]


def test_the_list_hides_the_words_of_what_one_may_no_longer_read(it, client_for):
    ticket = it.accepted(now=NOW, title="Very secret").ticket
    desk_actions.add_participant(ticket=ticket, by=it.anna, person=it.fei, now=NOW)
    run_background(NOW)
    client = client_for(it.fei)
    assert "Very secret" in client.get(reverse("notices:list")).content.decode()
    desk_actions.remove_participant(ticket=ticket, by=it.anna, person=it.fei, now=NOW)

    assert "Very secret" not in client.get(reverse("notices:list")).content.decode()


def test_programs_read_and_change_the_same(it, client_for):
    client = client_for(it.anna)
    url = "/api/v1/notices/preferences"

    before = client.get(url).json()
    changed = client.patch(
        url,
        {"digest": "none", "choices": {"desk.leg_offered": {"mail": "off"}}},
        content_type="application/json",
    )
    refused = client.patch(url, {"quiet_to": 1200}, content_type="application/json")
    unknown = client.patch(
        url, {"choices": {"no.such": {"mail": "off"}}}, content_type="application/json"
    )

    assert before["digest"] == "daily"
    assert before["choices"]["desk.leg_offered"] == {"product": "at_once", "mail": "at_once"}
    assert changed.json()["choices"]["desk.leg_offered"]["mail"] == "off"
    assert (refused.status_code, unknown.status_code) == (422, 422)
    assert client.get("/api/v1/notices").json() == []
