"""Related requests on pages and in the queue: what is shown to whom, what it costs, and that no text is lost."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from neike.desk import actions
from neike.desk.choices import LinkKind, TicketState
from neike.desk.models import BulkRun, Message, Ticket
from neike.kernel.attachments.models import Attachment
from tests.make import background
from tests.make import desk as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def it():
    return make.company()


@pytest.fixture
def enter(client_for):
    """Return a person's client that reads English."""

    def enter_(person):
        client = client_for(person)
        client.cookies["neike_language"] = "en"
        return client

    return enter_


def accepted(it, **more) -> Ticket:
    return it.accepted(now=timezone.now() - timedelta(hours=2), **more).ticket


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def link(it, one, other, kind=LinkKind.RELATED, by=None):
    actions.link(ticket=one, other=other, kind=kind, by=by or it.ivan, now=timezone.now())


def merge(it, one, other):
    actions.merge(
        ticket=one, into=other, by=it.ivan, version=fresh(one).version, now=timezone.now()
    )


def text_of(client, ticket) -> str:
    return client.get(ticket.path).content.decode()


def test_both_pages_show_the_other_to_whoever_may_read_both(it, enter):
    one, other = accepted(it, title="First thing"), accepted(it, title="Second thing")
    link(it, one, other, LinkKind.CAUSED_BY)
    client = enter(it.ivan)

    assert "Second thing" in text_of(client, one)
    assert "noted that R-" in text_of(client, one)
    assert "First thing" in text_of(client, other)


@pytest.mark.parametrize("deed", ["link", "unlink", "merge", "part", "split"])
def test_who_reads_one_side_only_learns_nothing_of_the_other(it, enter, deed):
    mine = accepted(it, title="Mine")
    hidden = accepted(it, title="Hidden thing", by=it.fang)
    if deed in {"link", "unlink"}:
        link(it, hidden, mine)
    if deed == "unlink":
        actions.unlink(
            ticket=hidden, other=mine, kind=LinkKind.RELATED, by=it.ivan, now=timezone.now()
        )
    if deed == "merge":
        merge(it, hidden, mine)
    if deed == "part":
        link(it, mine, hidden, LinkKind.PARENT_OF)
    if deed == "split":
        said = actions.post_message(ticket=mine, by=it.anna, body="x", now=timezone.now())
        hidden = actions.split(
            ticket=mine, messages=[said.pk], service=it.it_other, by=it.ivan, title="Hidden thing",
            now=timezone.now(),
        )  # fmt: skip
        Ticket.objects.filter(pk=hidden.pk).update(requester=it.fang)
    client = enter(it.anna)

    for path in (mine.path, f"{mine.path}print/"):
        shown = client.get(path).content.decode()
        assert "Hidden thing" not in shown
        assert f"R-{hidden.number}" not in shown
    said_there = [moment.text for moment in client.get(mine.path).context["conversation"]]
    for word in ("relat", "part", "merg", "made"):
        assert not any(word in text for text in said_there if text != "made the request")
    told = client.get(f"/api/v1/requests/{mine.public_id}").json()
    assert told["links"] == []
    stale = client.post(
        f"/api/v1/requests/{mine.public_id}/cancel",
        {"version": 1, "reason": ""},
        content_type="application/json",
    ).json()
    assert {each["kind"] for each in stale["changes"]}.isdisjoint({"linked", "unlinked"})


def test_who_cannot_read_the_survivor_is_told_of_no_number(it, enter):
    gone, stays = accepted(it, title="Gone"), accepted(it, title="Survivor", by=it.fang)
    merge(it, gone, stays)
    actions.remove_participant(ticket=stays, by=it.fang, person=it.anna, now=timezone.now())
    client = enter(it.anna)

    shown = text_of(client, gone)

    assert "It goes on in another request." in shown
    assert f"R-{stays.number}" not in shown
    assert "Survivor" not in shown
    answer = client.post(
        reverse("desk:reply", args=[gone.number]), {"body": "my words", "client_key": "k"}
    )
    assert answer.status_code == 422
    assert f"R-{stays.number}" not in answer.content.decode()
    assert "my words" in answer.content.decode()


def test_the_find_box_suggests_only_what_one_reads(it, enter):
    accepted(it, title="Printer on fire")
    accepted(it, title="Printer of Finance", by=it.fang)
    background.run_outbox(timezone.now())

    found = enter(it.anna).get(reverse("desk:find_request"), {"field": "other", "other": "printer"})

    assert "Printer on fire" in found.content.decode()
    assert "Finance" not in found.content.decode()


def test_a_form_takes_a_number_or_words_and_asks_when_several_fit(it, enter):
    one = accepted(it, title="Badge")
    accepted(it, title="Printer on fire")
    other = accepted(it, title="Printer is empty")
    background.run_outbox(timezone.now())
    client = enter(it.ivan)
    url = reverse("desk:link", args=[one.number])

    several = client.post(url, {"version": 1, "other": "printer", "link": "related"})
    nothing = client.post(url, {"version": 1, "other": "R-999999", "link": "related"})
    done = client.post(url, {"version": 1, "other": "printer empty", "link": "related"})

    assert several.status_code == nothing.status_code == 422
    assert "Several requests fit" in several.content.decode()
    assert "You can read no request that fits" in nothing.content.decode()
    assert done.status_code == 302
    assert one.links.get().other == other


def test_merging_and_taking_it_back_on_the_page(it, enter):
    gone, stays = accepted(it, title="Gone"), accepted(it, title="Stays")
    client = enter(it.ivan)

    client.post(
        reverse("desk:merge", args=[gone.number]),
        {"version": fresh(gone).version, "other": str(stays), "reason": "same fault"},
    )
    shown = text_of(client, gone)
    assert fresh(gone).state == TicketState.MERGED
    assert f"merged it into {stays}" in shown
    assert "same fault" in shown
    assert "Undo the merging" in shown

    client.post(reverse("desk:unmerge", args=[gone.number]), {"version": fresh(gone).version})

    assert fresh(gone).state == TicketState.IN_PROGRESS


def test_a_merge_across_departments_without_rights_is_told_and_nothing_is_lost(it, enter):
    ours = accepted(it)
    theirs = it.submit(now=timezone.now(), by=it.ivan, service=it.fin_other)

    answer = enter(it.ivan).post(
        reverse("desk:merge", args=[ours.number]),
        {"version": fresh(ours).version, "other": str(theirs), "reason": "kept words"},
    )

    assert answer.status_code == 422
    assert "this is not yours to do" in answer.content.decode()
    assert "kept words" in answer.content.decode()
    assert fresh(ours).state == TicketState.IN_PROGRESS


def test_a_stale_merge_is_refused_with_what_changed(it, enter):
    gone, stays = accepted(it), accepted(it)
    seen = fresh(gone).version
    actions.post_message(ticket=gone, by=it.anna, body="wait", now=timezone.now())

    answer = enter(it.ivan).post(
        reverse("desk:merge", args=[gone.number]), {"version": seen, "other": str(stays)}
    )

    assert answer.status_code == 409
    assert "wrote a message" in answer.content.decode()


def test_a_text_for_a_merged_request_is_kept_and_sent_to_the_other_with_its_files(
    it, enter, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    gone, stays = accepted(it), accepted(it)
    merge(it, gone, stays)
    client = enter(it.anna)
    note = SimpleUploadedFile("a.txt", b"words", "text/plain")

    refused = client.post(
        reverse("desk:reply", args=[gone.number]),
        {"body": "Still broken", "client_key": "k1", "files": [note]},
    )
    unsent = refused.context["unsent"]
    client.post(unsent["url"], {key: unsent[key] for key in ("body", "client_key", "attached")})

    assert refused.status_code == 422
    assert f"Send to {stays} instead" in refused.content.decode()
    message = Message.objects.get()
    assert (message.ticket, message.body) == (stays, "Still broken")
    assert Attachment.objects.get().owner_id == message.pk


def test_a_text_for_a_closed_request_is_kept(it, enter):
    ticket = accepted(it)
    actions.cancel(ticket=ticket, by=it.anna, version=fresh(ticket).version, now=timezone.now())

    refused = enter(it.anna).post(
        reverse("desk:reply", args=[ticket.number]), {"body": "Still broken", "client_key": "k"}
    )

    assert refused.status_code == 422
    assert "This request is closed." in refused.content.decode()
    assert "Still broken" in refused.content.decode()


def test_a_split_page_makes_a_request_of_chosen_messages(it, enter):
    first = accepted(it, title="Laptop")
    said = actions.post_message(ticket=first, by=it.anna, body="And a chair", now=timezone.now())
    client = enter(it.ivan)
    url = reverse("desk:split", args=[first.number])
    assert "And a chair" in client.get(url).content.decode()

    nothing = client.post(
        url, {"service": it.it_other.public_id, "title": "Chair", "client_key": "a"}
    )
    done = client.post(
        url,
        {
            "messages": [said.pk], "service": it.it_other.public_id, "title": "Chair", "part": "on",
            "client_key": "b",
        },
    )  # fmt: skip

    assert nothing.status_code == 422
    made = Ticket.objects.get(title="Chair")
    assert done["Location"] == made.path
    assert set(first.links.values_list("kind", flat=True)) == {"split_into", "parent_of"}
    assert "taken along from the first request" in text_of(client, made)
    assert "0 of 1 done" in text_of(client, first)


def test_only_services_one_may_raise_are_offered_for_a_split(it, enter):
    first = accepted(it)

    page = enter(it.ivan).get(reverse("desk:split", args=[first.number]))

    offered = set(page.context["form"].fields["service"].queryset)
    assert offered == {it.service, it.it_other}
    assert enter(it.anna).get(reverse("desk:split", args=[first.number])).status_code == 403


def test_resolving_asks_about_open_parts_and_tells_what_came_of_each(it, enter):
    whole, part = accepted(it), accepted(it)
    offered = it.submit(now=timezone.now())
    for each in (part, offered):
        link(it, whole, each, LinkKind.PARENT_OF)
    client = enter(it.ivan)
    assert "Resolve its open parts, too" in text_of(client, whole)

    done = client.post(
        reverse("desk:resolve", args=[whole.number]),
        {"version": fresh(whole).version, "note": "Done", "parts": "on"},
        follow=True,
    ).content.decode()

    assert "1 part is resolved, too." in done
    assert f"{offered} is not resolved:" in done
    assert fresh(part).state == TicketState.RESOLVED


@pytest.mark.parametrize("count", [1, 3])
def test_related_requests_cost_the_page_one_query_however_many_they_are(
    it, enter, django_assert_num_queries, count
):
    one = accepted(it)
    for _each in range(count):
        link(it, one, accepted(it))
    client = enter(it.ivan)
    client.get(one.path)

    with django_assert_num_queries(35):
        client.get(one.path)


def test_many_are_merged_at_once_and_taken_back(it, enter):
    stays = accepted(it)
    others = [accepted(it) for _ in range(2)]
    legs = " ".join(f"{leg.pk}-{leg.version}" for t in (*others, stays) for leg in t.legs.all())
    client = enter(it.ivan)

    client.post(
        reverse("desk:queue_bulk"),
        {"action": "merge", "asked": "1", "legs": legs, "other": str(stays), "reason": ""},
    )

    assert [fresh(each).state for each in others] == ["merged", "merged"]
    assert fresh(stays).state == TicketState.IN_PROGRESS
    run = BulkRun.objects.get()
    assert sorted(run.rows.values_list("state", flat=True)) == ["done", "done", "refused"]
    actions.undo_bulk(run=run, by=it.ivan, now=timezone.now())
    assert [fresh(each).state for each in others] == ["in_progress", "in_progress"]


def test_many_are_related_at_once_and_taken_back(it, enter):
    one = accepted(it)
    others = [accepted(it) for _ in range(2)]
    legs = " ".join(f"{leg.pk}-{leg.version}" for t in others for leg in t.legs.all())

    enter(it.ivan).post(
        reverse("desk:queue_bulk"),
        {"action": "link", "asked": "1", "legs": legs, "other": str(one), "link": "caused_by"},
    )

    assert one.links.filter(kind=LinkKind.CAUSES).count() == 2
    actions.undo_bulk(run=BulkRun.objects.get(), by=it.ivan, now=timezone.now())
    assert not one.links.exists()


# for programs


def post(client, ticket, what, **body):
    return client.post(
        f"/api/v1/requests/{ticket.public_id}/{what}", body, content_type="application/json"
    )


def test_programs_relate_merge_and_split_as_people_do(it, enter):
    one, other = accepted(it), accepted(it)
    said = actions.post_message(ticket=one, by=it.anna, body="And a chair", now=timezone.now())
    client = enter(it.ivan)

    linked = post(client, one, "links", other=str(other.public_id), kind="duplicates").json()
    assert [(each["kind"], each["number"]) for each in linked["links"]] == [
        ("duplicates", str(other))
    ]
    gone = client.delete(f"/api/v1/requests/{one.public_id}/links/duplicates/{other.public_id}")
    assert gone.json()["links"] == []
    made = post(
        client, one, "split", messages=[str(said.public_id)], service=it.it_other.key,
        title="Chair", answers={}, part=True,
    )  # fmt: skip
    assert made.status_code == 201
    assert {each["kind"] for each in made.json()["links"]} == {"child_of", "split_from"}
    part = Ticket.objects.get(title="Chair")
    leg = part.legs.get()
    actions.accept_leg(leg=leg, by=it.ivan, version=leg.version, now=timezone.now())
    merged = post(
        client, part, "merge", into=str(other.public_id), version=fresh(part).version
    ).json()
    assert merged["state"] == "merged"
    back = post(client, part, "unmerge", version=merged["version"]).json()
    assert back["state"] == "in_progress"


def test_programs_are_refused_like_people(it, enter):
    one, hidden = accepted(it), accepted(it, by=it.fang)
    client = enter(it.anna)

    absent = post(client, one, "links", other=str(hidden.public_id), kind="related")
    assert (absent.status_code, absent.json()["code"]) == (422, "unknown_request")
    never = post(client, one, "links", other="00000000-0000-0000-0000-000000000000", kind="related")
    assert never.json() == absent.json()
    assert (
        post(client, one, "links", other=str(one.public_id), kind="merged_into").status_code == 422
    )
    second = accepted(it)
    assert post(client, one, "merge", into=str(second.public_id), version=1).status_code == 403
