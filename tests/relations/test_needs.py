"""What the served say, and what the serving may know of it before they have guessed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from neike.relations import actions, policies, queries
from neike.relations.choices import Dimension, MeasureUnit
from neike.relations.models import Need, NeedVersion
from tests.make import administrator
from tests.make import relations as make
from tests.make.org import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def seen(need, person, now=NOW):
    return queries.need_shown(need, who=policies.standing(person, now=now))


def test_the_serving_see_the_words_but_not_the_level_until_they_have_guessed():
    ends = make.two_ends()
    need = make.need(ends, measure="Days", amount=Decimal(2), unit=MeasureUnit.WORKING_DAYS)

    before = seen(need, ends.provider_member)
    assert before.version.statement == "Laptops ready on day one."
    assert (before.hidden, before.expected, before.importance, before.amount) == (
        True,
        None,
        None,
        None,
    )

    actions.guess(need=need, by=ends.provider_member, expected=2, importance=3, version=1, now=NOW)

    after = seen(need, ends.provider_member)
    assert (after.hidden, after.expected, after.importance, after.amount) == (False, 4, 5, 2)
    assert seen(need, ends.provider_lead).hidden


def test_a_guess_is_told_to_the_customer_as_a_mean_and_to_nobody_who_owes_one():
    ends = make.two_ends()
    need = make.need(ends)
    for by, expected in ((ends.provider_member, 2), (ends.provider_lead, 3)):
        actions.guess(need=need, by=by, expected=expected, importance=1, version=1, now=NOW)

    told = seen(need, ends.customer_member)
    assert told.guessed == queries.Mean(2.5, 2)
    assert told.own_guess is None


def test_looking_without_a_guess_is_noted_and_ends_guessing():
    ends = make.two_ends()
    need = make.need(ends)
    actions.show_without_guess(need=need, by=ends.provider_lead, version=1, now=NOW)

    assert seen(need, ends.provider_lead).expected == 4
    assert seen(need, ends.provider_lead).guessed == queries.Mean(None, 0)
    with pytest.raises(actions.NotPossibleError):
        actions.guess(
            need=need, by=ends.provider_lead, expected=4, importance=5, version=1, now=NOW
        )


def test_a_revised_need_is_hidden_again_and_keeps_its_history():
    ends = make.two_ends()
    need = make.need(ends)
    actions.guess(need=need, by=ends.provider_lead, expected=2, importance=3, version=1, now=NOW)
    revised = actions.revise_need(
        need=need, by=ends.customer_lead, content=make.content(expected=5), version=1, now=LATER
    )

    assert seen(revised, ends.provider_lead).hidden
    who = policies.standing(ends.provider_lead, now=LATER)
    assert [row.version for row in queries.versions_of(revised, who=who)] == [1]
    who = policies.standing(ends.customer_lead, now=LATER)
    assert [row.expected for row in queries.versions_of(revised, who=who)] == [5, 4]


def test_earlier_levels_stay_hidden_from_who_never_guessed_them():
    ends = make.two_ends()
    need = make.need(ends)
    revised = actions.revise_need(
        need=need, by=ends.customer_lead, content=make.content(expected=5), version=1, now=LATER
    )
    for serving in (ends.provider_lead, ends.provider_member):
        who = policies.standing(serving, now=LATER)
        assert queries.versions_of(revised, who=who) == []

    actions.show_without_guess(need=revised, by=ends.provider_lead, version=2, now=LATER)

    who = policies.standing(ends.provider_lead, now=LATER)
    assert [row.expected for row in queries.versions_of(revised, who=who)] == [5, 4]


def test_a_guess_for_an_older_version_is_refused_with_the_present_state():
    ends = make.two_ends()
    need = make.need(ends)
    actions.revise_need(
        need=need, by=ends.customer_lead, content=make.content(), version=1, now=LATER
    )
    with pytest.raises(actions.NeedChangedError) as refused:
        actions.guess(
            need=need, by=ends.provider_lead, expected=2, importance=3, version=1, now=LATER
        )
    assert refused.value.need.version == 2


def test_needs_are_for_the_people_of_the_two_ends():
    ends = make.two_ends()
    need = make.need(ends)

    insiders = (ends.provider_member, ends.customer_member, ends.provider_lead)
    outsiders = (make.two_ends().provider_lead, administrator())
    for person, expected in [(one, [need]) for one in insiders] + [(one, []) for one in outsiders]:
        who = policies.standing(person, now=NOW)
        assert list(queries.needs_visible_to(who)) == expected


def test_only_the_served_state_review_and_class_and_only_the_serving_guess():
    ends = make.two_ends()
    need = make.need(ends)
    with pytest.raises(PermissionDenied):
        actions.state_need(
            relation=need.relation,
            by=ends.provider_lead,
            dimension=Dimension.QUALITY,
            content=make.content(),
            now=NOW,
        )
    with pytest.raises(PermissionDenied):
        actions.review_need(need=need, by=ends.provider_member, perceived=5, now=NOW)
    with pytest.raises(PermissionDenied):
        actions.answer_kano(
            need=need, by=ends.provider_member, functional=1, dysfunctional=5, now=NOW
        )
    with pytest.raises(PermissionDenied):
        actions.guess(
            need=need, by=ends.customer_member, expected=1, importance=1, version=1, now=NOW
        )


def test_another_member_does_not_revise_what_a_colleague_stated():
    ends = make.two_ends()
    need = make.need(ends)
    with pytest.raises(PermissionDenied):
        actions.revise_need(
            need=need, by=ends.customer_member, content=make.content(), version=1, now=NOW
        )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"statement": "  "}, "statement"),
        ({"statement": "x" * 501}, "statement"),
        ({"importance": 0}, "importance"),
        ({"expected": 6}, "expected"),
        ({"measure": "Share in time"}, "amount"),
        ({"amount": Decimal(1)}, "measure"),
        ({"measure": "m", "amount": Decimal("NaN"), "unit": MeasureUnit.HOURS}, "amount"),
        ({"measure": "m", "amount": Decimal(101), "unit": MeasureUnit.PERCENT}, "amount"),
        ({"measure": "m", "amount": Decimal(1), "unit": "parsecs"}, "unit"),
        ({"measure": "m", "amount": 101, "unit": MeasureUnit.PERCENT}, "amount"),
        ({"measure": "m", "amount": True, "unit": MeasureUnit.HOURS}, "amount"),
        ({"measure": "m", "amount": 1.5, "unit": MeasureUnit.HOURS}, "amount"),
        ({"importance": "5"}, "importance"),
    ],
)
def test_a_value_that_does_not_fit_is_named(fields, field):
    ends = make.two_ends()
    with pytest.raises(actions.BadValueError) as refused:
        make.need(ends, **fields)
    assert refused.value.field == field
    assert not Need.objects.exists()


def test_a_whole_number_is_an_amount():
    need = make.need(make.two_ends(), measure="Replies", amount=4, unit=MeasureUnit.HOURS)
    assert need.versions.get().amount == Decimal(4)


@pytest.mark.parametrize("review_on", [date(2026, 3, 2), date(2025, 1, 1), date(2030, 1, 1)])
def test_a_review_date_lies_ahead_within_two_years(review_on):
    with pytest.raises(actions.DayError):
        make.need(make.two_ends(), review_on=review_on)


def test_a_need_is_looked_at_again_after_half_a_year():
    ends = make.two_ends()
    need = make.need(ends)
    assert NeedVersion.objects.get().review_on == date(2026, 9, 2)

    def due(days):
        who = policies.standing(ends.customer_lead, now=NOW + timedelta(days=days))
        return list(queries.needs_to_review(who))

    assert due(183) == []
    assert due(184) == [need]
    actions.review_need(
        need=need, by=ends.customer_member, perceived=3, now=NOW + timedelta(days=184)
    )
    assert due(185) == []
    assert due(184 + 182) == [need]


def test_the_latest_word_of_each_person_counts_as_perceived():
    ends = make.two_ends()
    need = make.need(ends)
    for by, level, day in (
        (ends.customer_lead, 1, 0),
        (ends.customer_lead, 4, 1),
        (ends.customer_member, 3, 0),
    ):
        actions.review_need(need=need, by=by, perceived=level, now=NOW + timedelta(days=day))
    assert seen(need, ends.customer_lead).perceived == queries.Mean(3.5, 2)


def test_a_new_kano_answer_replaces_the_old_one():
    ends = make.two_ends()
    need = make.need(ends)
    for pair in ((1, 5), (2, 5)):
        actions.answer_kano(
            need=need, by=ends.customer_lead, functional=pair[0], dysfunctional=pair[1], now=NOW
        )
    assert queries.kano_pairs([need.pk]) == {need.pk: [(2, 5)]}


def test_nothing_is_added_to_a_retired_need_or_an_ended_relation():
    ends = make.two_ends()
    need = make.need(ends)
    actions.retire_need(need=need, by=ends.customer_lead, version=1, now=NOW)
    with pytest.raises(actions.NotPossibleError):
        actions.review_need(need=need, by=ends.customer_lead, perceived=3, now=NOW)

    relation = need.relation
    actions.end(
        relation=relation, by=ends.provider_lead, reason="x", version=relation.version, now=NOW
    )
    with pytest.raises(actions.NotPossibleError):
        make.need(ends, relation)


def test_what_a_need_said_is_never_changed():
    make.need(make.two_ends())
    for change in (
        lambda: NeedVersion.objects.update(expected=1),
        lambda: NeedVersion.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize("length", [1, 3])
def test_the_needs_of_a_relation_cost_the_same_at_any_length(length, django_assert_num_queries):
    ends = make.two_ends()
    relation = make.confirmed(ends)
    for each in range(length):
        need = make.need(ends, relation, statement=f"Need {each}")
        actions.review_need(need=need, by=ends.customer_lead, perceived=3, now=NOW)
    who = policies.standing(ends.customer_lead, now=NOW)
    assert who.belongs
    assert who.posts
    with django_assert_num_queries(5):
        assert len(queries.needs_of(relation, who=who)) == length
