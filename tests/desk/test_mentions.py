"""Mentions: who is told, who follows, who is refused, how they are stored and shown."""

import pytest
from django.urls import reverse
from django.utils import timezone

from neike.desk import actions, policies, queries
from neike.desk.choices import Visibility
from neike.desk.models import Mention, Message, Participant
from neike.desk.queries import my_day
from neike.kernel.notices.models import Notice
from neike.kernel.search.models import SearchEntry
from neike.org.models import Person
from tests.make import desk as make
from tests.make.background import run_outbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def it():
    return make.company()


@pytest.fixture
def ticket(it):
    return it.accepted(now=timezone.now()).ticket


def post(ticket, by, body, visibility=Visibility.PUBLIC):
    return actions.post_message(
        ticket=ticket, by=by, body=body, visibility=visibility, now=timezone.now()
    )


def heard():
    """Return (name, kind, English title) of every notice."""
    Notice.objects.all().delete()
    run_outbox(timezone.now())
    names = dict(Person.objects.values_list("pk", "name"))
    return sorted(
        (names[each.person_id], each.title.in_language("en")) for each in Notice.objects.all()
    )


def test_a_mention_is_stored_as_a_reference_and_told_once(it, ticket):
    run_outbox(timezone.now())
    message = post(
        ticket, it.ivan, f"Please look, @{it.ines.employee_no}, and @Ines({it.ines.employee_no})"
    )

    assert message.body == f"Please look, @{{{it.ines.public_id}}}, and @{{{it.ines.public_id}}}"
    assert [each.person for each in message.mentions.all()] == [it.ines]
    label = f"{ticket} {ticket.title}"
    assert heard() == [("Anna", f"Ivan wrote: {label}"), ("Ines", f"Ivan mentioned you: {label}")]


def test_the_mentioned_follow_from_then_on(it, ticket):
    post(ticket, it.ivan, f"@{it.ines.employee_no}")
    run_outbox(timezone.now())

    assert [each.person for each in ticket.participants.all()] == [it.ines]
    post(ticket, it.anna, "thanks")
    assert "Ines" in {name for name, _title in heard()}


def test_followers_who_serve_hear_of_notes_and_others_do_not(it, ticket):
    actions.add_participant(ticket=ticket, by=it.ivan, person=it.fang, now=timezone.now())
    post(ticket, it.ivan, f"@{it.ines.employee_no}", Visibility.INTERNAL)
    run_outbox(timezone.now())

    post(ticket, it.it_head, "for us", Visibility.INTERNAL)

    assert {name for name, _title in heard()} == {"Ivan", "Ines"}


def test_who_hears_anyhow_is_no_follower(it, ticket):
    post(ticket, it.ines, f"@{it.ivan.employee_no} @{it.anna.employee_no}")

    assert not Participant.objects.exists()


def test_a_note_mentions_nobody_who_may_not_read_notes(it, ticket):
    with pytest.raises(actions.MentionRefusedError) as refused:
        post(ticket, it.ivan, f"@{it.anna.employee_no} is difficult", Visibility.INTERNAL)

    assert "Anna" in str(refused.value)
    assert not Message.objects.exists()
    assert heard_of_nothing(it.anna)


def heard_of_nothing(person):
    run_outbox(timezone.now())
    return not Notice.objects.filter(person=person, kind="desk.message_posted").exists()


def test_a_mention_opens_no_request(it, ticket):
    with pytest.raises(actions.MentionRefusedError):
        post(ticket, it.ivan, f"@{it.fang.employee_no}")

    assert not queries.tickets_visible_to(policies.standing(it.fang, now=timezone.now())).exists()


def test_the_refused_form_comes_back_with_every_word(it, ticket, client_for):
    client = client_for(it.ivan)
    text = f"Long words for @{it.anna.employee_no}"

    answer = client.post(
        reverse("desk:note", args=[ticket.number]), {"body": text, "client_key": "k"}
    )

    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert answer.context["composer"]["note"].data["body"] == text


@pytest.mark.parametrize(
    "body", ["@nobody", "@E99999999", "me@example.com", "@Wrong Name(%s)", "`@%s`"]
)
def test_words_that_mean_nobody_stay_words(it, ticket, body):
    body = body.replace("%s", it.ines.employee_no)

    assert post(ticket, it.ivan, body).body == body
    assert not Mention.objects.exists()


def test_one_who_left_is_not_mentioned(it, ticket):
    it.ines.left_on = timezone.now().date()
    it.ines.save()

    assert post(ticket, it.ivan, f"@{it.ines.employee_no}").mentions.count() == 0


def test_it_is_shown_as_a_link_to_the_present_name_and_an_erased_person_has_none(
    it, ticket, client_for
):
    post(ticket, it.ivan, f"@{it.ines.employee_no}")
    page = f"/people/{it.ines.public_id}/"
    Person.objects.filter(pk=it.ines.pk).update(name="Ines Neu")

    shown = client_for(it.anna).get(ticket.path).content.decode()
    assert f'<a href="{page}" rel="noopener nofollow ugc">@Ines Neu</a>' in shown
    Person.objects.filter(pk=it.ines.pk).update(name="—", erased_at=timezone.now())

    shown = client_for(it.anna).get(ticket.path).content.decode()
    assert f'<a href="{page}"' not in shown
    assert "Ines" not in shown
    assert "@—" in shown


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "](javascript:alert(1))",
        "{{ 7*7 }}",
    ],
)
def test_a_hostile_name_is_only_a_name(it, ticket, client_for, name):
    Person.objects.filter(pk=it.ines.pk).update(name=name)
    post(ticket, it.ivan, f"@{it.ines.employee_no}")

    answer = client_for(it.ivan).get(ticket.path).content.decode()
    options = (
        client_for(it.ivan)
        .get(
            reverse("desk:mention_people", args=[ticket.number]),
            {"q": it.ines.employee_no, "for": '"><script>'},
        )
        .content.decode()
    )

    for html in (answer, options):
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert 'href="javascript' not in html


def test_a_reference_written_by_hand_names_only_whom_the_message_mentions(it, ticket, client_for):
    Message.objects.create(
        ticket=ticket, author=it.ivan, body=f"@{{{it.fang.public_id}}}", created_at=timezone.now()
    )

    assert "@Fang" not in client_for(it.anna).get(ticket.path).content.decode()


def test_the_list_offers_by_name_and_number_and_never_oneself(it, ticket, client_for):
    client = client_for(it.ivan)
    url = reverse("desk:mention_people", args=[ticket.number])

    assert f"@Ines({it.ines.employee_no})" in client.get(url, {"q": "ine"}).content.decode()
    assert "Ines" in client.get(url, {"q": it.ines.employee_no}).content.decode()
    assert "Ivan" not in client.get(url, {"q": "ivan"}).content.decode()
    assert "Anna" in client.get(url, {"q": ""}).content.decode()
    assert client_for(it.fang).get(url, {"q": "ine"}).status_code == 404


@pytest.mark.parametrize("many", [1, 5])
def test_the_list_costs_the_same_for_any_number(
    it, ticket, client_for, django_assert_num_queries, many
):
    for n in range(many):
        make.org.person(f"Zoe {n}", department=it.hr)
    client = client_for(it.ivan)
    url = reverse("desk:mention_people", args=[ticket.number])
    client.get(url, {"q": "zoe"})

    with django_assert_num_queries(LIST_QUERIES):
        assert client.get(url, {"q": "zoe"}).content.decode().count('role="option"') == many


LIST_QUERIES = 8


def test_the_days_work_names_a_mention_until_it_is_opened(it, ticket, client_for):
    post(ticket, it.ivan, f"@{it.ines.employee_no}")

    def waiting():
        return [
            each.title for each in my_day.mentions(policies.standing(it.ines, now=timezone.now()))
        ]

    assert waiting() == ["Laptop"]
    client_for(it.anna).get(ticket.path)
    assert waiting() == ["Laptop"]
    client_for(it.ines).get(ticket.path)
    assert waiting() == []
    assert "Laptop" in client_for(it.ines).get(reverse("desk:kept")).content.decode()


def test_names_do_not_reach_the_index(it, ticket):
    post(ticket, it.ivan, f"Look @{it.ines.employee_no} here")
    run_outbox(timezone.now())

    entry = SearchEntry.objects.get(kind="desk.ticket", object_id=str(ticket.pk))
    assert str(it.ines.public_id) not in str(vars(entry))


def test_programs_get_references_with_their_names(it, ticket, client_for):
    url = f"/api/v1/requests/{ticket.public_id}/messages"

    answer = client_for(it.ivan).post(
        url,
        {"body": f"@{it.ines.employee_no}", "visibility": "public"},
        content_type="application/json",
    )
    refused = client_for(it.ivan).post(
        url,
        {"body": f"@{it.fang.employee_no}", "visibility": "public"},
        content_type="application/json",
    )

    assert answer.json()["mentions"] == [{"id": str(it.ines.public_id), "name": "Ines"}]
    assert (refused.status_code, refused.json()["code"]) == (422, "mention_refused")


def test_whom_a_note_mentions_the_requester_learns_in_no_way(it, ticket, client_for):
    post(ticket, it.ivan, f"@{it.it_head.employee_no}", Visibility.INTERNAL)
    Message.objects.create(
        ticket=ticket,
        author=it.anna,
        body=f"is it @{{{it.it_head.public_id}}}",
        created_at=timezone.now(),
    )

    assert "@Ito" not in client_for(it.anna).get(ticket.path).content.decode()


@pytest.mark.parametrize("many", [1, 6])
def test_the_page_costs_the_same_for_any_number_of_mentions(
    it, ticket, client_for, django_assert_num_queries, many
):
    for _n in range(many):
        post(ticket, it.ivan, f"@{it.ines.employee_no} and @{it.it_head.employee_no}")
    client = client_for(it.ines)
    client.get(ticket.path)

    with django_assert_num_queries(PAGE_QUERIES):
        client.get(ticket.path)


PAGE_QUERIES = 34
