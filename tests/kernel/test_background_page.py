"""Operators see what was given up and send it again; nobody else does."""

from datetime import datetime

import pytest
from django.urls import reverse

from neike.kernel.audit.models import AuditEntry
from neike.kernel.jobs import enqueue
from neike.kernel.jobs.jobs import check
from neike.kernel.jobs.models import CheckResult
from neike.kernel.jobs.storage import Status, StoredJob
from neike.kernel.outbox.choices import DeliveryState
from neike.kernel.outbox.models import Delivery, OutboxEvent
from neike.kernel.registries import NIGHTLY_CHECKS, NightlyCheck, Problem
from neike.org.models import RoleGrant
from tests.make import org as make
from tests.make.background import run_jobs
from tests.make.org import EPOCH, NOW


@pytest.fixture
def operator(client_for):
    person = make.person()
    RoleGrant.objects.create(person=person, role="SA", valid_from=EPOCH)
    return client_for(person)


def _dead_job() -> StoredJob:
    return StoredJob.objects.create(
        task_path="test.gone",
        status=Status.FAILED,
        args_kwargs={"args": [], "kwargs": {}},
        backend_name="default",
        run_after=NOW,
        finished_at=NOW,
        traceback="<b>boom</b>",
    )


def _dead_delivery() -> Delivery:
    event = OutboxEvent.objects.create(name="test.gone.v1", at=NOW)
    return Delivery.objects.create(
        event=event,
        receiver="test.deaf",
        state=DeliveryState.DEAD,
        next_at=NOW,
        finished_at=NOW,
        attempts=8,
    )


def test_the_page_shows_what_was_given_up_and_why(operator):
    _dead_job()
    _dead_delivery()

    page = operator.get(reverse("jobs:background")).content.decode()

    assert "test.gone" in page
    assert "&lt;b&gt;boom&lt;/b&gt;" in page
    assert "test.deaf" in page


def test_sending_again_keeps_the_id_and_is_on_record(operator):
    job, delivery = _dead_job(), _dead_delivery()

    for address in (
        reverse("jobs:job_resend", args=[job.pk]),
        reverse("jobs:delivery_resend", args=[delivery.pk]),
    ):
        assert operator.post(address).status_code == 302
        assert operator.post(address).status_code == 302

    job.refresh_from_db()
    delivery.refresh_from_db()
    assert job.status == Status.READY
    assert delivery.state == DeliveryState.WAITING
    assert list(AuditEntry.objects.values_list("action", flat=True).order_by("id")) == [
        "jobs.job_resent",
        "jobs.delivery_resent",
    ]


def test_nightly_checks_keep_what_they_found_and_one_that_breaks_stops_no_other(
    operator, monkeypatch
):
    def broken(_now: datetime) -> list[Problem]:
        raise RuntimeError("no such table")

    monkeypatch.setattr(NIGHTLY_CHECKS, "_entries", {})
    NIGHTLY_CHECKS.register(NightlyCheck("a", 1, "First check", broken))
    NIGHTLY_CHECKS.register(
        NightlyCheck("b", 2, "Second check", lambda _now: [Problem("ticket 7", "two leads")])
    )
    NIGHTLY_CHECKS.register(NightlyCheck("c", 3, "Third check", lambda _now: []))
    enqueue(check, now=NOW)

    run_jobs()

    assert dict(CheckResult.objects.values_list("key", "found")) == {"a": 1, "b": 1, "c": 0}
    page = operator.get(reverse("jobs:background")).content.decode()
    assert "no such table" in page
    assert "two leads" in page


def test_others_neither_see_nor_send(client_for):
    job = _dead_job()
    client = client_for(make.person())

    assert client.get(reverse("jobs:background")).status_code == 403
    assert client.post(reverse("jobs:job_resend", args=[job.pk])).status_code == 403
    job.refresh_from_db()
    assert job.status == Status.FAILED
