"""What relations need every night: what ends ends, what the chart says is proposed, what is due is called to mind."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from neike.kernel import notices
from neike.kernel.jobs import Run, every, job
from neike.org import queries as org_queries
from neike.org.models import Person
from neike.relations import actions, queries
from neike.relations.choices import Side
from neike.relations.telling import end_name, speakers, tell

_SIDES = (Side.PROVIDER, Side.CUSTOMER)


@every("10 1 * * *")
@job(
    "relations.end_what_is_due", own_transactions=True, at_once=1, time_limit=timedelta(minutes=30)
)
def end_what_is_due(*, now: datetime, run: Run) -> None:
    """End the relations whose announced last day has come."""
    actions.end_what_is_due(now=now, effect=run.effect)


@every("20 1 * * *")
@job("relations.follow_chart", own_transactions=True, at_once=1, time_limit=timedelta(minutes=30))
def follow_chart(*, now: datetime, run: Run, asked_by: int | None = None) -> None:
    """Propose teams, bosses and neighbours from the organisation chart; who asked for it hears how many there were."""
    made = actions.follow_chart(now=now, effect=run.effect)
    person = Person.objects.filter(pk=asked_by).first() if asked_by is not None else None
    if person is None:
        return
    title = (
        _(
            "Proposed from the organisation chart: %(count)s relations. Both sides of each are asked."
        )
        if made
        else _("The organisation chart holds nothing that is not proposed or known already.")
    )
    with run.effect():
        notices.notify(
            person=person,
            kind="relations.chart_followed",
            url=reverse("relations:mine"),
            title=title,
            params={"count": made},
            key=f"chart:{run.claim.id}",
            now=now,
        )


@every("0 0 * * *")
@job("relations.call_to_mind", at_once=1)
def call_to_mind(*, now: datetime) -> None:
    """Tell both sides of the agreements whose review date has come, once per date; "my day" lists the needs."""
    on = org_queries.organisation_day(now)
    for agreement in queries.all_agreements_to_review(on):
        names = {each.value: end_name(agreement.relation, each, now=now) for each in _SIDES}
        for side in _SIDES:
            tell(
                speakers(agreement.relation, side, now=now),
                kind="relations.agreement_to_review",
                url=agreement.path,
                title=_("Please review: %(service)s, from %(provider)s for %(customer)s"),
                params={**names, "service": agreement.service.name},
                key=f"agreement:{agreement.pk}:review:{agreement.review_on}",
                now=now,
            )
