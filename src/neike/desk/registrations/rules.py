"""Rules and the giving out of work in the registries of the kernel."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from neike.desk import policies
from neike.desk.models import Rule
from neike.desk.queries import my_day
from neike.desk.registrations.readers import day_source
from neike.kernel.audit.labels import AUDIT_ACTIONS, AUDIT_SUBJECTS, AuditAction, AuditSubject
from neike.kernel.registries import (
    NAVIGATION,
    SAFETY_OBJECTS,
    NavigationEntry,
)
from neike.kernel.safety import append_only
from neike.org.models import Person

SAFETY_OBJECTS.register(append_only("desk_ruleversion"))


day_source(
    "desk.nobodys",
    105,
    _("Nobody has taken it"),
    "bell",
    my_day.nobodys,
    page="desk:queue",
    query="view=open&assignee=nobody&department=all",
)


def _sees_rules(person: Any) -> bool:  # noqa: ANN401 - the kernel's signature
    """Show rules to whoever serves a department or administers."""
    if not isinstance(person, Person):
        return False
    if getattr(person, "waiting_at_desk", None) is not None:
        return True
    who = policies.standing(person, now=timezone.now())  # noqa: TID251 - a menu has no clock of its own
    return who.administers


NAVIGATION.register(
    NavigationEntry(
        key="desk.rules",
        order=210,
        label=_("Rules"),
        icon="bolt",
        url_name="desk:rules",
        group="work",
        visible=_sees_rules,
    )
)


for _code, _said in (
    ("assignment_policy", _("Giving out work changed")),
    ("capacity", _("Capacity of a person changed")),
    ("rule_made", _("Rule made")),
    ("rule_changed", _("Rule changed")),
    ("rule_switched", _("Rule switched on or off")),
):
    AUDIT_ACTIONS.register(AuditAction(key=f"desk.{_code}", label=_said))


def _describe_rules(ids: Iterable[str]) -> Mapping[str, tuple[str, str]]:
    rows = Rule.objects.filter(public_id__in=list(ids))
    return {
        str(row.public_id): (str(row.name), reverse("desk:rule", args=[row.public_id]))
        for row in rows
    }


AUDIT_SUBJECTS.register(AuditSubject(key="desk.rule", describe=_describe_rules))
