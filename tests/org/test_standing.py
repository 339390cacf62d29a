"""Who stands where on a day."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from neike.kernel.texts import LocalizedText
from neike.org import queries
from neike.org.choices import LeadKind, Role, SubstitutionScope
from neike.org.models import DepartmentLead, DepartmentVersion, RoleGrant, Substitution
from tests.make import org as make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def grant(person, role, department=None, **fields):
    return RoleGrant.objects.create(
        person=person, role=role, department=department, valid_from=make.EPOCH, **fields
    )


def test_chart_knows_parents_children_and_subtrees():
    company = make.department("云岭")
    it = make.department("信息部", parent=company)
    desk = make.department("服务台", parent=it)

    chart = queries.chart(on=TODAY)

    assert chart.roots() == (company.pk,)
    assert chart.children(company.pk) == (it.pk,)
    assert chart.ancestors(desk.pk) == (it.pk, company.pk)
    assert chart.subtree(it.pk) == {it.pk, desk.pk}
    assert chart.path(desk.pk) == ("云岭", "信息部", "服务台")
    assert [(depth, each.id) for depth, each in chart.walk()] == [
        (0, company.pk),
        (1, it.pk),
        (2, desk.pk),
    ]


def test_chart_shows_the_name_that_held_on_the_day_in_the_readers_language():
    it = make.department("信息部")
    DepartmentVersion.objects.create(
        department=it,
        valid_from=date(2026, 1, 1),
        name=LocalizedText.of(zh="数字部", en="Digital"),
    )

    with translation.override("en"):
        assert queries.chart(on=date(2025, 12, 31)).name(it.pk) == "信息部"
        assert queries.chart(on=date(2026, 1, 1)).name(it.pk) == "Digital"
    assert queries.chart(on=date(2019, 1, 1)).name(it.pk) == ""


@pytest.mark.parametrize("length", [1, 30])
def test_chart_costs_three_queries_at_any_size(django_assert_num_queries, length):
    above = make.department()
    for _ in range(length):
        above = make.department(parent=above)
        DepartmentLead.objects.create(department=above, person=make.person(), valid_from=make.EPOCH)

    with django_assert_num_queries(3):
        chart = queries.chart(on=TODAY)
        assert len(chart.subtree(chart.roots()[0])) == length + 1
        assert chart.lead(above.pk) is not None


def test_calendar_comes_from_the_nearest_ancestor_else_from_the_default():
    default = make.calendar(is_default=True)
    night = make.calendar()
    company = make.department()
    it = make.department(parent=company, calendar=night)
    desk = make.department(parent=it)

    assert queries.calendar_of(desk, on=TODAY) == night
    assert queries.calendar_of(company, on=TODAY) == default


def test_a_lead_or_deputy_leads_everything_below_while_it_lasts():
    company = make.department()
    it = make.department(parent=company)
    other = make.department(parent=company)
    boss, deputy = make.person(), make.person()
    DepartmentLead.objects.create(department=company, person=boss, valid_from=make.EPOCH)
    DepartmentLead.objects.create(
        department=it,
        person=deputy,
        kind=LeadKind.DEPUTY,
        valid_from=make.EPOCH,
        valid_to=TODAY,
    )

    assert queries.leads(boss, it, on=TODAY)
    assert queries.leads(deputy, it, on=TODAY - timedelta(days=1))
    assert not queries.leads(deputy, it, on=TODAY)
    assert not queries.leads(deputy, other, on=TODAY - timedelta(days=1))
    assert set(queries.departments_led_by(boss, on=TODAY)) == {company, it, other}


def test_a_grant_covers_the_subtree_of_its_department_only():
    company = make.department()
    it = make.department(parent=company)
    other = make.department(parent=company)
    person = make.person()
    grant(person, Role.AGENT, it)

    assert queries.holds_role(person, Role.AGENT, it, on=TODAY)
    assert not queries.holds_role(person, Role.AGENT, other, on=TODAY)
    assert not queries.holds_role(person, Role.AGENT, on=TODAY)
    assert queries.holds_role(person, Role.EMPLOYEE, on=TODAY)


def test_queues_are_worked_by_placement_and_by_grant():
    company = make.department()
    it = make.department(parent=company)
    desk = make.department(parent=it)
    placed = make.person(department=it)
    granted = make.person(department=company)
    everywhere = make.person()
    grant(granted, Role.AGENT, it)
    grant(everywhere, Role.AGENT)

    assert set(queries.departments_served_by(placed, on=TODAY)) == {it}
    assert set(queries.departments_served_by(granted, on=TODAY)) == {company, it, desk}
    assert set(queries.departments_served_by(everywhere, on=TODAY)) == {company, it, desk}
    assert set(queries.agents_of(it, on=TODAY)) == {placed, granted, everywhere}
    assert queries.works_for(placed, it, on=TODAY)
    assert not queries.works_for(placed, company, on=TODAY)
    assert queries.belongs_to(placed, company, on=TODAY)
    assert queries.department_of(placed, on=TODAY) == it


def test_substitutes_hold_inside_their_time_and_scope():
    away, helper = make.person(), make.person()
    Substitution.objects.create(
        person=away,
        substitute=helper,
        scope=SubstitutionScope.WORK,
        starts_at=make.NOW,
        ends_at=make.NOW + timedelta(days=1),
    )

    def found(now: datetime, scope: SubstitutionScope | None = None) -> list[object]:
        return list(queries.substitutes_of(away, now=now, scope=scope))

    assert found(make.NOW) == [helper]
    assert found(make.NOW, SubstitutionScope.APPROVE) == []
    assert found(make.NOW + timedelta(days=1)) == []
    assert list(queries.stands_in_for(helper, now=make.NOW)) == [away]


def test_a_prepared_calendar_is_read_once_per_revision(django_assert_num_queries):
    calendar = make.calendar()

    first = queries.prepared_calendar(calendar)

    with django_assert_num_queries(0):
        assert queries.prepared_calendar(calendar) is first
    # Friday 2026-03-06 17:30 in Shanghai, one working hour: Monday 09:30.
    start = datetime.fromisoformat("2026-03-06T17:30:00+08:00")
    due = first.due(start, timedelta(hours=1))
    assert due == datetime.fromisoformat("2026-03-09T09:30:00+08:00")
