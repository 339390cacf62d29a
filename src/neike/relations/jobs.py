"""What relations need every night: what ends ends, what the chart says is proposed, what is due is called to mind."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from neike.kernel.jobs import every, job
from neike.org import queries as org_queries
from neike.relations import actions, queries
from neike.relations.choices import Side
from neike.relations.telling import end_name, speakers, tell

_SIDES = (Side.PROVIDER, Side.CUSTOMER)


@every("10 1 * * *")
@job("relations.end_what_is_due", at_once=1)
def end_what_is_due(*, now: datetime) -> None:
    """End the relations whose announced last day has come."""
    actions.end_what_is_due(now=now)


@every("20 1 * * *")
@job("relations.follow_chart", at_once=1)
def follow_chart(*, now: datetime) -> None:
    """Propose teams, bosses and neighbours from the organisation chart."""
    actions.follow_chart(now=now)


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
