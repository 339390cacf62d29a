"""Draw samples of delivered requests, give them to somebody to look at, keep what they found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.catalog import policies as catalog_policies
from neike.catalog.models import Service
from neike.desk import policies
from neike.desk.choices import QualityVerdict
from neike.desk.models import QualityCheck, QualityDraw, QualityFinding, QualityPlan, Ticket
from neike.desk.queries import quality as queries
from neike.engines.sampling import draw, sample_size
from neike.kernel.audit.actions import record
from neike.kernel.notices import notify
from neike.kernel.policies import require
from neike.org import queries as org_queries
from neike.org.models import Person

MOST_NUMBER: Final = 500
"""A month's sample of one service is never larger."""


class QualityError(Exception):
    """A sentence for the person who did something that cannot be done."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is said of one criterion."""

    verdict: str
    note: str = ""


@transaction.atomic
def plan_quality(
    *, service: Service, percent: int, number: int, by: Person, now: datetime
) -> QualityPlan | None:
    """Say how many delivered requests are looked at each month, from this month on; 0 and 0: none.

    Raises:
        PermissionDenied: `by` may not edit the service.
        QualityError: both are given, or too many.
    """
    today = org_queries.organisation_day(now)
    require(catalog_policies.may_edit(by, service, on=today))
    if percent and number:
        raise QualityError(_("Give a share or a number, not both."))
    if not (0 <= percent <= 100 and 0 <= number <= MOST_NUMBER):  # noqa: PLR2004 - a percentage
        raise QualityError(
            _("A share is at most 100 of a hundred, a number at most %(most)d.")
            % {"most": MOST_NUMBER}
        )
    plan = QualityPlan.objects.select_for_update().filter(service=service).first()
    before = {"percent": plan.percent, "number": plan.number} if plan else {}
    record(
        action="desk.quality_planned",
        subject=service,
        by=by,
        now=now,
        before=before,
        after={"percent": percent, "number": number},
    )
    if not percent and not number:
        if plan:
            plan.delete()
        return None
    plan = plan or QualityPlan(service=service, since=today.replace(day=1))
    plan.percent, plan.number = percent, number
    plan.save()
    return plan


@transaction.atomic
def draw_month(
    *, plan: QualityPlan, month: date, now: datetime, tell: bool = True
) -> QualityDraw | None:
    """Draw a service's sample of a month that is over and give each request to a checker; once for all.

    Returns None if it was drawn already. `tell` False leaves no notices. Confidential requests are never drawn, nor those whose standard names no
    criterion.
    """
    if QualityDraw.objects.filter(service=plan.service_id, month=month).exists():
        return None
    delivered = {
        str(public_id): pk
        for pk, public_id in queries.delivered(plan.service_id, month).values_list(
            "pk", "public_id"
        )
    }
    size = min(sample_size(len(delivered), percent=plan.percent, number=plan.number), MOST_NUMBER)
    seed = f"{plan.service.public_id}:{month:%Y-%m}"
    chosen = draw(delivered, size, seed=seed)
    try:
        with transaction.atomic():
            found = QualityDraw.objects.create(
                service_id=plan.service_id,
                month=month,
                seed=seed,
                delivered=len(delivered),
                drawn=size,
                drawn_at=now,
            )
    except IntegrityError:
        return None
    for key in chosen:
        ticket = Ticket.objects.select_related("service", "supplier").get(pk=delivered[key])
        _give(found, ticket, now, tell=tell)
    return found


def _give(found: QualityDraw, ticket: Ticket, now: datetime, *, tell: bool) -> None:
    checker = queries.checker_for(ticket, now=now)
    check = QualityCheck.objects.create(
        draw=found, ticket=ticket, department_id=ticket.supplier_id, checker=checker
    )
    if checker and tell:
        notify(
            person=checker,
            kind="desk.quality_check",
            url=queries.path_of(check),
            title=gettext_lazy("A quality check waits for you: %(number)s"),
            params={"number": str(ticket)},
            now=now,
            key=f"quality:{check.public_id}",
        )


@transaction.atomic
def finish_check(
    *, check: QualityCheck, findings: Mapping[int, Finding], by: Person, now: datetime
) -> QualityCheck:
    """Keep what was found about every criterion. It passes if none is unmet and at least one is met.

    Raises:
        PermissionDenied: `by` is not its checker, or took part in the work.
        QualityError: it is done already, or a criterion is missing.
    """
    check = (
        QualityCheck.objects.select_for_update(of=("self",))
        .select_related("ticket__standard")
        .get(pk=check.pk)
    )
    require(
        policies.may_check(policies.standing(by, now=now), check, queries.workers(check.ticket))
    )
    if check.done_at:
        raise QualityError(_("This check is done already; what was found stays."))
    wanted = range(len(check.ticket.standard.quality_criteria))
    if set(findings) != set(wanted) or any(
        each.verdict not in QualityVerdict.values for each in findings.values()
    ):
        raise QualityError(_("Say of every criterion whether it was met."))
    QualityFinding.objects.bulk_create(
        QualityFinding(
            check_of=check, position=position, verdict=each.verdict, note=each.note[:300]
        )
        for position, each in findings.items()
    )
    said = {each.verdict for each in findings.values()}
    check.done_at, check.done_by = now, by
    check.passed = None
    if QualityVerdict.FAIL in said:
        check.passed = False
    elif QualityVerdict.PASS in said:
        check.passed = True
    check.save(update_fields=["done_at", "done_by", "passed"])
    return check
