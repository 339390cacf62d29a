"""Who keeps what the work of a department needs: recurring requests, quality checks, views, macros, rules."""

from collections.abc import Collection

from neike.desk.models import (
    Macro,
    QualityCheck,
    RecurringRequest,
    SavedView,
)
from neike.desk.policies.standings import Standing
from neike.kernel.policies import Decision, allow, deny


def may_keep_recurring(who: Standing, one: RecurringRequest) -> Decision:
    """Whoever set it up, the requester, and the service's owner pause, resume and stop a recurring request."""
    if who.person_id in (one.set_up_by_id, one.requester_id) or one.service_id in who.owns:
        return allow()
    return deny("not_requester")


def may_check(who: Standing, check: QualityCheck, workers: Collection[int]) -> Decision:
    """The checker does a quality check, or who stands in for them; never anybody who had to do with the request."""
    if who.person_id in workers:
        return deny("own_work")
    return allow() if check.checker_id in who.acting_for else deny("not_checker")


def may_share_view(who: Standing, department_id: int | None) -> Decision:
    """A view or macro is one's own, or shared with a department by somebody who works for it or leads it."""
    if department_id is None or who.serves_in(department_id):
        return allow()
    return deny("not_in_department")


def may_change_view(who: Standing, view: SavedView | Macro) -> Decision:
    """One changes one's own view or macro; a shared one whoever works for its department or leads it."""
    if view.department_id is None:
        return allow() if view.owner_id == who.person_id else deny("not_owner")
    return may_share_view(who, view.department_id)


def may_manage_assignment(who: Standing, department_id: int) -> Decision:
    """Who leads a department decides how its work is given out and what its people can take."""
    return allow() if department_id in who.leads else deny("not_lead")


def may_manage_escalation(who: Standing, department_id: int) -> Decision:
    """Who leads a department decides who hears of its missed promises; administrators may too."""
    return allow() if who.administers or department_id in who.leads else deny("not_lead")


def may_manage_rules(who: Standing, department_id: int | None) -> Decision:
    """Leads make the rules of their departments, owners those of their services' departments; administrators all.

    Rules of the whole organisation (None) are the administrator's alone.
    """
    if who.administers:
        return allow()
    if department_id is None:
        return deny("not_administrator")
    if department_id in who.leads or department_id in who.owning_departments:
        return allow()
    return deny("not_lead")


def may_read_rule(who: Standing, department_id: int | None) -> Decision:
    """Who works under a rule may read it: the department's people; those of the organisation everybody who serves."""
    if may_manage_rules(who, department_id):
        return allow()
    served = bool(who.serves) if department_id is None else who.serves_in(department_id)
    return allow() if served else deny("not_in_department")
