"""Step of the loop page: what customers said."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from neike.desk import policies as desk_policies
from neike.kernel.registries import LoopPage, NextAction, StepShown
from neike.kernel.ui.formatting import MISSING, number
from neike.surveys import display, policies, queries


def what_customers_said(page: LoopPage) -> StepShown:
    """Show mean, share satisfied, reasons and customers; live for the department's people, else as published."""
    who = desk_policies.standing(page.person, now=page.now)
    is_named = bool(policies.may_read_named(who, page.department.id))
    results = (
        queries.received(who, page.department.id, page.period)
        if is_named
        else queries.published(page.department.id, page.period, now=page.now)
    )
    url = f"{reverse('surveys:ratings', args=[page.department.public_id])}?period={page.period.key}"
    context: dict[str, Any] = {"is_named": is_named, "shown": None, "url": url}
    if results is None:
        return StepShown(headline=MISSING, context=context, running=False)
    context["shown"] = display.shown(results, page.organisation) | display.response(
        page.department.id, page.period, is_named=is_named
    )
    words = _("%(mean)s of 5") % {"mean": number(results.summary.mean, 1)}
    label = _("Read the ratings") if is_named else _("See what is published")
    return StepShown(headline=words, context=context, action=NextAction(label, url))
