"""Related requests: linked, part and whole, merged, split; who learns of what, and what the log leads to."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from neike.desk import actions, checks, policies, projections, queries
from neike.desk.choices import (
    ClockState,
    EventKind,
    LegState,
    LinkKind,
    TicketState,
    Visibility,
)
from neike.desk.models import Message, Participant, Ticket
from neike.insights.models import Outcome
from neike.kernel.attachments.actions import attach_all
from neike.kernel.attachments.models import Attachment
from neike.kernel.notices.models import Notice
from tests.make import background, org
from tests.make import desk as make
from tests.make.desk import at

pytestmark = pytest.mark.django_db
NOW = at("2 11:00")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f00050001ff"
    "a3d2a3d70000000049454e44ae426082"
)


@pytest.fixture
def it():
    return make.company()


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def is_true(*tickets: Ticket) -> None:
    """What is stored equals what the logs lead to, and both sides know of each other."""
    for ticket in tickets:
        assert projections.differences(fresh(ticket)) == []
    assert checks.links_are_mirrored(NOW) == []
    assert checks.no_clock_runs_at_the_end(NOW) == []
    assert checks.segments_partition_legs(NOW) == []


def kinds(ticket: Ticket) -> list[tuple[str, int]]:
    return [(link.kind, link.other_id) for link in ticket.links.order_by("kind", "other_id")]


def two(it, **more):
    first = it.accepted(now=at("2 10:00"), title="VPN is down").ticket
    second = it.accepted(now=at("2 10:10"), title="No VPN", **more).ticket
    return first, second


def merge(it, ticket, into, *, by=None, now=NOW, **more):
    return actions.merge(
        ticket=ticket, into=into, by=by or it.ivan, version=fresh(ticket).version, now=now, **more
    )


# links


@pytest.mark.parametrize(
    ("kind", "mirror"),
    [
        (LinkKind.RELATED, LinkKind.RELATED),
        (LinkKind.DUPLICATES, LinkKind.DUPLICATED_BY),
        (LinkKind.CAUSED_BY, LinkKind.CAUSES),
    ],
)
def test_each_of_two_related_requests_tells_of_the_other(it, kind, mirror):
    one, other = two(it)

    actions.link(ticket=one, other=other, kind=kind, by=it.ivan, now=NOW)

    assert kinds(one) == [(kind, other.pk)]
    assert kinds(other) == [(mirror, one.pk)]
    is_true(one, other)


def test_a_relation_that_was_chosen_can_be_taken_away(it):
    one, other = two(it)
    actions.link(ticket=one, other=other, kind=LinkKind.CAUSED_BY, by=it.ivan, now=NOW)

    actions.unlink(ticket=other, other=one, kind=LinkKind.CAUSES, by=it.ivan, now=NOW)

    assert kinds(one) == kinds(other) == []
    is_true(one, other)


def test_two_requests_are_related_in_one_way_only(it):
    one, other = two(it)
    actions.link(ticket=one, other=other, kind=LinkKind.CAUSED_BY, by=it.ivan, now=NOW)

    with pytest.raises(actions.RelatedAlreadyError):
        actions.link(ticket=other, other=one, kind=LinkKind.RELATED, by=it.ivan, now=NOW)
    with pytest.raises(actions.SameRequestError):
        actions.link(ticket=one, other=one, kind=LinkKind.RELATED, by=it.ivan, now=NOW)
    is_true(one, other)


def test_the_requester_relates_own_requests_and_nobody_those_they_cannot_read(it):
    one, other = two(it)
    foreign = it.submit(now=at("2 10:20"), by=it.fang)

    actions.link(ticket=one, other=other, kind=LinkKind.RELATED, by=it.anna, now=NOW)

    with pytest.raises(actions.UnknownRequestError):
        actions.link(ticket=one, other=foreign, kind=LinkKind.RELATED, by=it.anna, now=NOW)
    with pytest.raises(PermissionDenied):
        actions.link(ticket=one, other=foreign, kind=LinkKind.RELATED, by=it.fang, now=NOW)
    assert kinds(foreign) == []


# part and whole


def test_a_request_has_parts_and_a_part_one_whole(it):
    whole, part = two(it)
    another = it.accepted(now=at("2 10:20")).ticket

    actions.link(ticket=part, other=whole, kind=LinkKind.CHILD_OF, by=it.ivan, now=NOW)
    actions.link(ticket=whole, other=another, kind=LinkKind.PARENT_OF, by=it.ivan, now=NOW)

    who = policies.standing(it.ivan, now=NOW)
    assert list(queries.open_parts(who, whole)) == [fresh(part), fresh(another)]
    with pytest.raises(actions.RelatedAlreadyError):
        actions.link(ticket=whole, other=part, kind=LinkKind.CHILD_OF, by=it.ivan, now=NOW)
    is_true(whole, part, another)


def test_there_is_no_circle_and_no_part_of_a_part(it):
    first, second = two(it)
    third = it.accepted(now=at("2 10:20")).ticket
    fourth = it.accepted(now=at("2 10:30")).ticket
    actions.link(ticket=second, other=first, kind=LinkKind.CHILD_OF, by=it.ivan, now=NOW)

    for ticket, other in ((third, second), (first, third), (second, third)):
        with pytest.raises(actions.FamilyError):
            actions.link(ticket=ticket, other=other, kind=LinkKind.CHILD_OF, by=it.ivan, now=NOW)
    with pytest.raises(actions.FamilyError):
        actions.link(ticket=second, other=fourth, kind=LinkKind.PARENT_OF, by=it.ivan, now=NOW)
    is_true(first, second, third, fourth)


def test_a_whole_and_its_part_need_the_right_to_both(it):
    whole = it.submit(now=at("2 10:00"))
    part = it.submit(now=at("2 10:10"), by=it.fang)
    actions.add_participant(ticket=whole, by=it.anna, person=it.fang, now=NOW)

    with pytest.raises(actions.NotYoursToRelateError):
        actions.link(ticket=part, other=whole, kind=LinkKind.CHILD_OF, by=it.fang, now=NOW)
    actions.link(ticket=part, other=whole, kind=LinkKind.RELATED, by=it.fang, now=NOW)


def test_a_whole_is_resolved_with_its_parts_and_says_what_was_not(it):
    whole, part = two(it)
    offered = it.submit(now=at("2 10:20"))
    foreign = it.submit(now=at("2 10:30"), by=it.ivan, service=it.fin_other)
    for each in (part, offered, foreign):
        actions.link(ticket=whole, other=each, kind=LinkKind.PARENT_OF, by=it.ivan, now=NOW)

    told = actions.resolve_family(
        ticket=whole, by=it.ivan, version=fresh(whole).version, note="Done", now=at("2 12:00")
    )

    assert [each.pk for each in told.done] == [part.pk]
    assert [each.pk for each, _why in told.refused] == [offered.pk, foreign.pk]
    states = [fresh(each).state for each in (whole, part, offered, foreign)]
    assert states == ["resolved", "resolved", "submitted", "submitted"]
    assert make.kinds(part)[-1] == EventKind.RESOLVED
    is_true(whole, part, offered, foreign)


# merging


def test_a_merged_request_ends_points_to_the_other_and_its_people_follow_there(it):
    gone, stays = two(it, by=it.hr_head)
    gone, stays = stays, gone  # the head of HR asked for the one that goes
    actions.add_participant(ticket=gone, by=it.ivan, person=it.fang, now=at("2 10:40"))

    merged = merge(it, gone, stays, why="the same tunnel")

    assert merged.state == TicketState.MERGED
    assert merged.legs.get().state == LegState.CANCELLED
    assert set(merged.clocks.exclude(state=ClockState.MET).values_list("state", flat=True)) == {
        ClockState.VOID
    }
    assert kinds(gone) == [(LinkKind.MERGED_INTO, stays.pk)]
    assert kinds(stays) == [(LinkKind.MERGED_FROM, gone.pk)]
    followers = set(stays.participants.values_list("person", flat=True))
    assert followers == {it.hr_head.pk, it.fang.pk}
    is_true(gone, stays)


def test_its_people_are_told_where_it_goes_on(it):
    gone, stays = two(it)
    merge(it, gone, stays)

    background.run_outbox(NOW)

    notice = Notice.objects.get(person=it.anna, kind="desk.ticket_merged")
    assert str(stays) in notice.title.in_language("en")
    assert not Notice.objects.filter(person=it.ivan, kind="desk.ticket_merged").exists()


def test_a_merged_request_counts_neither_as_kept_nor_as_missed(it):
    gone, stays = two(it)
    background.run_outbox(NOW)
    before = set(Outcome.objects.filter(ticket_id=gone.pk).values_list("metric", flat=True))

    merge(it, gone, stays)
    background.run_outbox(NOW)

    # it was accepted in time before, and that stands; nothing of what was open is judged
    assert set(Outcome.objects.filter(ticket_id=gone.pk).values_list("metric", flat=True)) == before


def test_words_to_a_merged_request_are_refused_and_point_to_the_other(it):
    gone, stays = two(it)
    merge(it, gone, stays)

    with pytest.raises(actions.MergedAwayError) as refused:
        actions.post_message(ticket=gone, by=it.anna, body="and?", now=NOW)

    assert refused.value.into == stays
    assert Message.objects.filter(ticket=gone).count() == 0


def test_words_to_a_closed_request_are_refused(it):
    ticket = it.accepted(now=at("2 10:00")).ticket
    actions.cancel(ticket=ticket, by=it.anna, version=fresh(ticket).version, now=NOW)

    with pytest.raises(actions.RequestClosedError):
        actions.post_message(ticket=ticket, by=it.anna, body="and?", now=NOW)


def test_one_merges_only_with_the_right_to_both(it):
    ours = it.accepted(now=at("2 10:00")).ticket
    theirs = it.submit(now=at("2 10:10"), by=it.ivan, service=it.fin_other)

    with pytest.raises(actions.NotYoursToRelateError):
        merge(it, ours, theirs)
    with pytest.raises(PermissionDenied):
        merge(it, theirs, ours)
    with pytest.raises(actions.UnknownRequestError):
        merge(it, ours, it.submit(now=at("2 10:20"), by=it.fang, service=it.fin_other))
    assert fresh(ours).state == TicketState.IN_PROGRESS


def test_who_works_for_both_departments_merges_across(it):
    ours = it.accepted(now=at("2 10:00")).ticket
    theirs = it.submit(now=at("2 10:10"), service=it.fin_other)
    make.lead(it.it_head, it.finance)

    merge(it, ours, theirs, by=it.it_head)

    assert fresh(ours).state == TicketState.MERGED
    is_true(ours, theirs)


def test_what_is_confidential_is_never_merged_into_what_is_not(it):
    gone, stays = two(it)
    Ticket.objects.filter(pk=gone.pk).update(confidential=True)

    with pytest.raises(actions.ConfidentialMergeError):
        merge(it, gone, stays)


def test_merging_lets_nobody_into_what_is_confidential(it):
    gone, stays = two(it, by=it.hr_head)
    Ticket.objects.filter(pk=gone.pk).update(confidential=True)
    secret, open_one = fresh(gone), fresh(stays)

    with pytest.raises(actions.ConfidentialMergeError):
        merge(it, open_one, secret)
    actions.add_participant(ticket=secret, by=it.anna, person=it.hr_head, now=NOW)
    actions.add_participant(ticket=open_one, by=it.hr_head, person=it.fang, now=NOW)
    merge(it, open_one, secret)

    assert not Participant.objects.filter(ticket=secret, person=it.fang).exists()


def test_only_what_is_open_is_merged_and_only_into_what_is_open(it):
    gone, stays = two(it)
    merge(it, gone, stays)
    third = it.accepted(now=at("2 10:30")).ticket

    with pytest.raises(actions.SurvivorClosedError):
        merge(it, third, gone)
    with pytest.raises(actions.NotPossibleError):
        merge(it, gone, third)
    with pytest.raises(actions.SameRequestError):
        merge(it, third, third)
    with pytest.raises(actions.TicketChangedError):
        actions.merge(ticket=stays, into=third, by=it.ivan, version=1, now=NOW)


def test_a_whole_with_parts_is_not_merged_away(it):
    whole, part = two(it)
    other = it.accepted(now=at("2 10:20")).ticket
    actions.link(ticket=part, other=whole, kind=LinkKind.CHILD_OF, by=it.ivan, now=NOW)

    with pytest.raises(actions.HasPartsError):
        merge(it, whole, other)


def test_people_of_what_was_merged_follow_along_a_chain(it):
    first = it.accepted(now=at("2 10:00"), by=it.hr_head).ticket
    second, third = two(it)

    merge(it, first, second)
    merge(it, second, third)

    assert third.participants.filter(person=it.hr_head).exists()
    is_true(first, second, third)


def test_within_ten_minutes_merging_is_undone_and_all_goes_on_as_before(it):
    gone, stays = two(it, by=it.hr_head)
    gone, stays = stays, gone
    before = projections.stored(fresh(gone))
    merge(it, gone, stays)

    actions.unmerge(
        ticket=gone, by=it.ines, version=fresh(gone).version, now=NOW + timedelta(minutes=9)
    )

    after = projections.stored(fresh(gone))
    assert after.clocks == before.clocks
    assert [leg.segments for leg in after.legs] == [leg.segments for leg in before.legs]
    assert (after.state, after.due_at, after.links) == (before.state, before.due_at, ())
    assert not stays.participants.exists()
    assert kinds(stays) == []
    is_true(gone, stays)
    actions.resolve(
        ticket=gone, by=it.ivan, version=fresh(gone).version, now=NOW + timedelta(minutes=20)
    )
    is_true(gone, stays)


def test_later_merging_is_not_undone(it):
    gone, stays = two(it)
    merge(it, gone, stays)

    with pytest.raises(actions.UndoOverError):
        actions.unmerge(
            ticket=gone, by=it.ivan, version=fresh(gone).version, now=NOW + timedelta(minutes=11)
        )


def test_undoing_keeps_whoever_followed_before(it):
    gone, stays = two(it, by=it.hr_head)
    gone, stays = stays, gone
    actions.add_participant(ticket=stays, by=it.anna, person=it.hr_head, now=at("2 10:40"))

    merge(it, gone, stays)
    actions.unmerge(ticket=gone, by=it.ivan, version=fresh(gone).version, now=NOW)

    assert stays.participants.filter(person=it.hr_head).exists()


# splitting


def test_messages_become_a_request_of_their_own_and_stay_where_they_were(it):
    first = it.accepted(now=at("2 10:00")).ticket
    about = actions.post_message(ticket=first, by=it.anna, body="Also a chair", now=at("2 10:30"))
    actions.post_message(ticket=first, by=it.anna, body="The laptop is slow", now=at("2 10:31"))

    made = actions.split(
        ticket=first, messages=[about.pk], service=it.it_other, by=it.ivan, title="Chair", now=NOW
    )

    assert (made.requester, made.raised_by, made.title) == (it.anna, it.ivan, "Chair")
    assert [(each.author, each.body) for each in made.messages.all()] == [(it.anna, "Also a chair")]
    assert made.messages.get().created_at == about.created_at
    assert first.messages.count() == 2
    assert kinds(first) == [(LinkKind.SPLIT_INTO, made.pk)]
    assert kinds(made) == [(LinkKind.SPLIT_FROM, first.pk)]
    assert make.clock(made, "first_response").state == ClockState.RUNNING
    is_true(first, made)


def test_words_of_the_serving_side_that_are_copied_answer_nothing(it):
    first = it.accepted(now=at("2 10:00")).ticket
    said = actions.post_message(ticket=first, by=it.ivan, body="Which chair?", now=at("2 10:30"))

    made = actions.split(ticket=first, messages=[said.pk], service=it.it_other, by=it.ivan, now=NOW)

    assert make.clock(made, "first_response").state == ClockState.RUNNING


def test_files_are_copied_with_bytes_of_their_own(it, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    first = it.accepted(now=at("2 10:00")).ticket
    upload = SimpleUploadedFile("chair.png", PNG, "image/png")
    [file] = attach_all(owner=None, uploads=[upload], by=it.anna, now=NOW)
    said = actions.post_message(
        ticket=first, by=it.anna, body=f"![](/files/{file.public_id}/)", files=[file.public_id],
        now=at("2 10:30"),
    )  # fmt: skip

    made = actions.split(ticket=first, messages=[said.pk], service=it.it_other, by=it.ivan, now=NOW)

    twin = Attachment.objects.get(owner_id=made.messages.get().pk, owner_type="desk.message")
    assert twin.sha256 == file.sha256
    assert twin.storage_key != file.storage_key
    assert str(twin.public_id) in made.messages.get().body


def test_a_part_is_made_of_a_request_with_or_without_messages(it):
    first = it.accepted(now=at("2 10:00")).ticket

    with pytest.raises(actions.NothingToSplitError):
        actions.split(ticket=first, messages=[], service=it.it_other, by=it.ivan, now=NOW)
    made = actions.split(
        ticket=first, messages=[], service=it.it_other, by=it.ivan, as_part=True, now=NOW
    )

    assert kinds(first) == [(LinkKind.PARENT_OF, made.pk)]
    is_true(first, made)


def test_a_double_click_splits_once(it):
    first = it.accepted(now=at("2 10:00")).ticket
    said = actions.post_message(ticket=first, by=it.anna, body="Chair", now=at("2 10:30"))
    given = {"ticket": first, "messages": [said.pk], "service": it.it_other, "by": it.ivan}

    made = [actions.split(**given, client_key="k", now=NOW) for _ in range(2)]

    assert made[0] == made[1]
    assert made[0].messages.count() == 1


def test_one_splits_only_what_one_reads_and_for_a_service_one_may_raise(it):
    first = it.accepted(now=at("2 10:00")).ticket
    said = actions.post_message(ticket=first, by=it.anna, body="Chair", now=at("2 10:30"))
    given = {"ticket": first, "messages": [said.pk], "now": NOW}

    with pytest.raises(PermissionDenied):
        actions.split(**given, service=it.it_other, by=it.anna)
    with pytest.raises(PermissionDenied):
        actions.split(**given, service=it.fin_other, by=it.ivan)
    elsewhere = it.submit(by=it.fang, now=at("2 10:40"))
    foreign = actions.post_message(ticket=elsewhere, by=it.fang, body="mine", now=at("2 10:50"))
    with pytest.raises(actions.NothingToSplitError):
        actions.split(ticket=first, messages=[foreign.pk], service=it.it_other, by=it.ivan, now=NOW)
    assert Ticket.objects.count() == 2


def test_what_is_split_from_a_confidential_request_is_confidential(it):
    first = it.accepted(now=at("2 10:00")).ticket
    Ticket.objects.filter(pk=first.pk).update(confidential=True)

    made = actions.split(
        ticket=first, messages=[], service=it.it_other, by=it.ivan, as_part=True, now=NOW
    )

    assert made.confidential


def test_the_words_of_the_messages_answer_the_form_internal_ones_never(it):
    fields = [{"key": "what", "type": "long_text", "label": {"en": "What?"}, "required": True}]
    service = make.service(it.it, calendar=it.calendar, fields=fields)
    first = it.accepted(now=at("2 10:00")).ticket
    public = actions.post_message(ticket=first, by=it.anna, body="A chair", now=at("2 10:30"))
    note = actions.post_message(
        ticket=first, by=it.ivan, body="grumpy", visibility=Visibility.INTERNAL, now=at("2 10:31")
    )

    made = actions.split(
        ticket=first, messages=[public.pk, note.pk], service=service, by=it.ivan, now=NOW
    )

    assert made.answers == {"what": "A chair"}
    with pytest.raises(actions.AnswersWrongError):
        actions.split(ticket=first, messages=[note.pk], service=service, by=it.ivan, now=NOW)


# looking the other one up


def test_requests_are_found_by_number_or_words_only_among_those_one_reads(it):
    one, other = two(it)
    secret = it.submit(now=at("2 10:20"), by=it.fang, title="VPN of Finance")
    background.run_outbox(NOW)

    meant = queries.requests_meant
    assert meant(it.ivan, f"R-{other.number} No VPN", without=one.pk, now=NOW) == [other]
    assert set(meant(it.ivan, "VPN", without=one.pk, now=NOW)) == {other, secret}
    assert set(meant(it.anna, "VPN", now=NOW)) == {one, other}
    assert meant(it.anna, str(secret), now=NOW) == []
    assert meant(it.anna, "Finance", now=NOW) == []


def test_people_who_left_still_follow_nothing_twice(it):
    gone, stays = two(it)
    merge(it, gone, stays)

    assert not Participant.objects.filter(ticket=stays, person=it.anna).exists()


def test_a_stranger_may_neither_merge_nor_split(it):
    one, other = two(it)
    stranger = org.person("Stranger")

    with pytest.raises(PermissionDenied):
        merge(it, one, other, by=stranger)
    with pytest.raises(PermissionDenied):
        actions.split(
            ticket=one, messages=[], service=it.it_other, by=stranger, as_part=True, now=NOW
        )
