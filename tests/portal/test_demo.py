"""The demo company: the same every time, whole, and nothing in it contradicts itself."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.db import transaction
from django.test import TestCase

from neike.desk.choices import LegState, TicketState, WaitingOn
from neike.desk.models import Leg, Message, Ticket, TicketEvent
from neike.kernel.demo import PASSWORD, ZONE
from neike.kernel.registries import DEMO_ACCOUNTS, MY_DAY, NIGHTLY_CHECKS
from neike.org import queries as org_queries
from neike.org.choices import Role
from neike.org.demo import accounts
from neike.org.models import Department, Person
from neike.portal import demo
from neike.surveys.models import Rating

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 20, 3, 0, tzinfo=UTC)
SCALE = 0.04
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def loaded(now: datetime = NOW):
    return demo.load(
        today=now.astimezone(ZONE).date(), now=now, progress=lambda _line: None, scale=SCALE
    )


def person(number: str) -> Person:
    return Person.objects.get(employee_no=number)


def digest() -> str:
    """Everything people see of the history; random ids are left out."""
    rows = [
        *Ticket.objects.order_by("number").values_list(
            "number", "title", "state", "priority", "submitted_at", "due_at", "answers",
            "requester__employee_no", "supplier__code", "customer__code",
        ),
        *TicketEvent.objects.order_by("ticket__number", "seq").values_list(
            "ticket__number", "seq", "kind", "leg_no", "at", "by__employee_no"
        ),
        *Message.objects.order_by("ticket__number", "created_at", "id").values_list(
            "ticket__number", "body", "visibility", "author__employee_no"
        ),
        *Rating.objects.order_by("ticket__number", "leg__no", "rated_at").values_list(
            "ticket__number", "leg__no", "rater__employee_no", "score", "comment", "rated_at"
        ),
        *Person.objects.order_by("employee_no").values_list("employee_no", "name", "email", "left_on"),
    ]  # fmt: skip
    return sha256(_UUID.sub("id", repr(rows)).encode()).hexdigest()


class TestTheDemoCompany(TestCase):
    """One load for all that only look."""

    @classmethod
    def setUpTestData(cls):
        cls.company = loaded()

    def test_the_new_colleague_kit_is_there_in_every_stage_of_its_plan_and_in_both_languages(self):
        kits = Ticket.objects.filter(service__key="hr-new-colleague-kit")
        states = Counter(kits.values_list("state", flat=True))

        assert states == {
            TicketState.IN_APPROVAL: 4,
            TicketState.SUBMITTED: 1,
            TicketState.IN_PROGRESS: 2,
            TicketState.REJECTED: 1,
            TicketState.CLOSED: 9,
        }
        assert kits.filter(title__startswith="New colleague kit").exists()
        assert set(kits.filter(state=TicketState.CLOSED).values_list("legs__no", flat=True)) == {
            0,
            1,
            2,
        }

    def test_every_nightly_check_passes(self):
        now = NOW

        assert {check.key: check.run(now) for check in NIGHTLY_CHECKS if check.run(now)} == {}

    def test_every_account_offered_exists_and_signs_in_with_the_printed_password(self):
        people = [person(account.employee_no) for account in DEMO_ACCOUNTS]

        assert all(one.check_password(PASSWORD) and one.can_sign_in for one in people)
        assert len(people) >= 8

    def test_every_account_that_works_requests_finds_something_waiting(self):
        company = self.company
        day = {
            number: {source.key for source in MY_DAY if source.items(person(number), company.until)}
            for number in (
                accounts.EMPLOYEE, accounts.ABROAD, accounts.HR_AGENT, accounts.IT_AGENT, accounts.FINANCE_AGENT
            )
        }  # fmt: skip

        assert day[accounts.EMPLOYEE] >= {"desk.answers", "desk.to_confirm"}
        assert day[accounts.ABROAD] >= {"desk.answers", "desk.to_confirm"}
        assert day[accounts.HR_AGENT] >= {"desk.my_legs", "desk.to_confirm"}
        assert "desk.my_legs" in day[accounts.IT_AGENT]
        assert "desk.my_legs" in day[accounts.FINANCE_AGENT]

    def test_nothing_happens_on_closed_days_or_after_the_end_of_the_history(self):
        company = self.company
        calendar = org_queries.prepared_calendar(company.shared["calendars"]["cn"])
        days = {
            at.astimezone(ZONE).date()
            for at in Ticket.objects.values_list("submitted_at", flat=True)
        }

        assert all(calendar.is_working_date(day) for day in days)
        assert company.begins <= min(days)
        assert not TicketEvent.objects.filter(at__gte=company.until).exists()

    def test_last_quarters_organisation_is_remembered(self):
        company = self.company
        before, after = (org_queries.chart(on=day) for day in (company.begins, company.today))
        quality, finance = (Department.objects.get(code=code).pk for code in ("QA", "FIN"))

        assert before.get(before.parent(quality)).code == "RD"
        assert after.get(after.parent(quality)).code == "YL"
        assert before.name(finance) != after.name(finance)
        assert len(after) == 15

    def test_roles_are_held(self):
        company = self.company
        on = company.today

        assert org_queries.holds_role(person(accounts.ADMINISTRATOR), Role.ADMINISTRATOR, on=on)
        assert org_queries.holds_role(person(accounts.AUDITOR), Role.AUDITOR, on=on)
        assert org_queries.leads(person(accounts.IT_HEAD), Department.objects.get(code="IT"), on=on)
        assert org_queries.leads(person(accounts.HR_HEAD), Department.objects.get(code="HR"), on=on)

    def test_the_history_holds_what_there_is_to_discover(self):
        legs = Counter(Leg.objects.filter(no__gt=0).values_list("customer__code", "supplier__code"))
        hidden = Ticket.objects.filter(customer__code="CS", supplier__code="QA")

        assert legs["PUR", "FIN"] > 5
        assert legs["FIN", "PUR"] > 5
        assert hidden.count() > 10
        assert all(ticket.service.is_catch_all for ticket in hidden.select_related("service"))
        assert Ticket.objects.filter(confidential=True).exists()
        assert Leg.objects.filter(state=LegState.REWORK).exists()
        assert Leg.objects.filter(waiting_on=WaitingOn.THIRD_PARTY).exists()
        assert Ticket.objects.filter(state=TicketState.WAITING).exists()
        versions = Ticket.objects.filter(service__key="it-network-vpn").values_list(
            "standard__version", flat=True
        )
        assert set(versions) == {1, 2}


def test_the_same_day_gives_the_same_company_at_any_hour():
    found = []
    for now in (NOW, NOW + timedelta(hours=6)):
        with transaction.atomic():
            loaded(now)
            found.append(digest())
            transaction.set_rollback(True)

    assert found[0] == found[1]


def test_a_demo_may_be_emptied_and_nothing_else(settings):
    settings.DEMO = False
    with pytest.raises(RuntimeError):
        demo.remove()


@pytest.mark.django_db(transaction=True)
def test_a_demo_is_emptied_of_everything_and_loaded_again(settings, tmp_path):
    settings.DEMO, settings.MEDIA_ROOT = True, tmp_path
    loaded()
    demo.remove()
    assert not demo.is_loaded()
    assert not TicketEvent.objects.exists()

    loaded()
    now = NOW + timedelta(minutes=5)
    assert [
        check.key for check in NIGHTLY_CHECKS if check.key == "search.index" and check.run(now)
    ] == []
