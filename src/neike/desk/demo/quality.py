"""The demo company's quality checks: three months of samples, the last of them half done."""

from datetime import timedelta
from random import Random
from typing import Final

from neike.desk.actions import quality as actions
from neike.desk.actions.quality import Finding
from neike.desk.choices import QualityVerdict
from neike.desk.models import QualityCheck, QualityPlan, Ticket
from neike.kernel.demo import Company, moment
from neike.org import queries as org_queries
from neike.org.periods import PeriodKind

_SERVICES: Final = 4
"""The services with the most requests are the ones that are checked."""
_EACH: Final = 6
_MONTHS: Final = 3
_MET, _APPLIES, _DONE = 0.93, 0.95, 0.5
_NOTES: Final = ("资产标签未贴。", "Handed over without the leaflet.", "未留下联系方式。")


def load_quality(company: Company) -> None:
    """Plan, draw and do the checks as the job and the heads would have."""
    rng = company.rng("desk.quality")
    this = org_queries.period_of(company.today, PeriodKind.MONTH)
    months = [this.shifted(-back) for back in range(_MONTHS, 0, -1)]
    done = 0
    for service_id in _busiest():
        plan = QualityPlan.objects.create(
            service_id=service_id, number=_EACH, since=months[0].start
        )
        for month in months:
            at = moment(month.end, 3 * 60 + 10)
            is_last = month is months[-1]
            draw = actions.draw_month(plan=plan, month=month.start, now=at, tell=is_last)
            for check in draw.checks.select_related("ticket__standard", "checker") if draw else ():
                if check.checker and (not is_last or rng.random() < _DONE):
                    _do(check, rng)
                    done += 1
    company.progress(f"  {done} quality checks")


def _busiest() -> list[int]:
    counts: dict[int, int] = {}
    rows = Ticket.objects.filter(confidential=False).exclude(standard__quality_criteria=[])
    for service_id in rows.values_list("service_id", flat=True):
        counts[service_id] = counts.get(service_id, 0) + 1
    return sorted(counts, key=lambda each: (-counts[each], each))[:_SERVICES]


def _do(check: QualityCheck, rng: Random) -> None:
    findings = {}
    for position in range(len(check.ticket.standard.quality_criteria)):
        if rng.random() > _APPLIES:
            findings[position] = Finding(QualityVerdict.NOT_APPLICABLE)
        elif rng.random() < _MET:
            findings[position] = Finding(QualityVerdict.PASS)
        else:
            findings[position] = Finding(QualityVerdict.FAIL, rng.choice(_NOTES))
    assert check.checker is not None  # noqa: S101 - the caller has looked
    at = check.draw.drawn_at + timedelta(hours=7, minutes=rng.randint(0, 90))
    actions.finish_check(check=check, findings=findings, by=check.checker, now=at)
