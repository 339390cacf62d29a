"""Requests that wait for approval, or were refused, do not disturb the numbers of departments."""

import pytest

from neike.desk import actions as desk
from neike.desk.models import Clock
from neike.insights import actions
from neike.insights.models import LegFlow, Outcome
from neike.insights.queries import checks
from tests.make import desk as make
from tests.make.desk import at

pytestmark = pytest.mark.django_db
APPROVAL = {"key": "head", "kind": "approval", "approvers": [{"by": "manager"}]}


def test_a_late_approver_is_not_the_suppliers_failure_and_all_sums_hold():
    it = make.company(minutes={**make.TARGETS, "approval": 30}, steps=[APPROVAL])
    waiting, refused, late = (it.submit(now=at("2 10:00")) for _ in range(3))
    desk.refuse(approval=refused.approvals.get(), by=it.hr_head, why="No", now=at("2 10:10"))
    desk.approve(approval=late.approvals.get(), by=it.hr_head, now=at("3 10:00"))
    assert Clock.objects.get(ticket=late, metric="approval").state == "breached"

    actions.catch_up()
    actions.observe_changes(now=at("4 10:00"))

    assert not Outcome.objects.filter(metric="approval").exists()
    assert not Outcome.objects.filter(ticket__in=[waiting.pk, refused.pk]).exists()
    assert LegFlow.objects.filter(ticket=refused).get().supplier_seconds == 0
    assert checks.disagreements(at("4 10:00")) == []
    assert checks.wrong_edges(at("4 10:00")) == []
