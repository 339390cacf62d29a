"""What the organisation shows in the shell and tells the kernel at start-up."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from neike.engines.delivery import Urgency
from neike.kernel import mail
from neike.kernel.audit.labels import AUDIT_ACTIONS, AuditAction
from neike.kernel.notices.kinds import GROUPS, KINDS, NoticeGroup, NoticeKind, set_circumstances
from neike.kernel.policies import holds_role, set_role_provider
from neike.kernel.registries import (
    DEMO_ACCOUNTS,
    DEMO_PARTS,
    NAVIGATION,
    SAFETY_OBJECTS,
    DemoPart,
    NavigationEntry,
)
from neike.kernel.ui.preferences import Name, saves_preferences
from neike.org import demo, policies
from neike.org.actions import security_mails
from neike.org.actions.preferences import keep_choice
from neike.org.choices import Role
from neike.org.policies.roles import may_open_roles
from neike.org.queries.circumstances import circumstances
from neike.org.queries.grants import proposals_to_decide
from neike.org.standing import holds_role_anywhere, staff
from neike.org.standing.chart import stamps


def _holds_role_today(person: Any, role: str) -> bool:  # noqa: ANN401 - the kernel's signature
    """Tell the kernel whether somebody holds a role now, with whatever scope."""
    today = policies.day_of(timezone.now())  # noqa: TID251 - a gate has no clock of its own
    return holds_role_anywhere(person, Role(role), on=today)


def _keep_choice(person: Any, name: Name, value: str) -> None:  # noqa: ANN401 - the kernel's signature
    keep_choice(person=person, name=name, value=value)


def _proposals_waiting(person: Any) -> int:  # noqa: ANN401 - the kernel's signature
    today = policies.day_of(timezone.now())  # noqa: TID251 - a menu has no clock of its own
    return proposals_to_decide(person, on=today)


set_role_provider(_holds_role_today)
saves_preferences(_keep_choice)
mail.prepares(security_mails.LINK)(security_mails.prepare_link)
mail.prepares(security_mails.NOTICE)(security_mails.prepare_notice)

NAVIGATION.register(
    NavigationEntry(
        key="org.people",
        order=610,
        label=_("People"),
        icon="people",
        url_name="org:people",
        group="manage",
    )
)
NAVIGATION.register(
    NavigationEntry(
        key="org.profile",
        order=10,
        label=_("My profile"),
        icon="person",
        url_name="org:profile",
        group="person",
    )
)
NAVIGATION.register(
    NavigationEntry(
        key="org.security",
        order=20,
        label=_("Security"),
        icon="key",
        url_name="mfa_index",
        group="person",
    )
)

NAVIGATION.register(
    NavigationEntry(
        key="org.departments",
        order=600,
        label=_("Departments"),
        icon="org",
        url_name="org:departments",
        group="manage",
    )
)
NAVIGATION.register(
    NavigationEntry(
        key="org.calendars",
        order=630,
        label=_("Calendars"),
        icon="calendar",
        url_name="org:calendars",
        group="admin",
    )
)
NAVIGATION.register(
    NavigationEntry(
        key="org.import",
        order=640,
        label=_("Import the organisation"),
        icon="import",
        url_name="org:import",
        group="admin",
        visible=lambda person: holds_role(person, Role.ADMINISTRATOR),
    )
)
NAVIGATION.register(
    NavigationEntry(
        key="org.roles",
        order=620,
        label=_("Roles"),
        icon="roles",
        url_name="org:roles",
        group="admin",
        visible=lambda person: bool(may_open_roles(person)),
        count=_proposals_waiting,
    )
)

for _code, _label in (
    ("person_created", _("Person added")),
    ("person_changed", _("Person changed")),
    ("person_erased", _("Person erased")),
    ("erasure_proposed", _("Erasure of a person proposed")),
    ("erasure_declined", _("Erasure of a person declined")),
    ("erasure_withdrawn", _("Erasure of a person withdrawn")),
    ("password_set", _("Password set by an administrator")),
    ("sign_in_enabled", _("Sign-in switched on")),
    ("sign_in_disabled", _("Sign-in switched off")),
    ("role_granted", _("Role given")),
    ("role_proposed", _("Role proposed")),
    ("role_declined", _("Role declined")),
    ("role_withdrawn", _("Proposed role withdrawn")),
    ("role_revoked", _("Role ended")),
    ("substitute_named", _("Substitute named")),
    ("substitution_ended", _("Substitution ended")),
    ("department_created", _("Department created")),
    ("department_changed", _("Department changed")),
    ("department_renamed", _("Department renamed")),
    ("department_moved", _("Department moved")),
    ("department_calendar_set", _("Calendar of a department set")),
    ("department_closed", _("Department closed")),
    ("department_reopened", _("Department opened again")),
    ("department_merged", _("Department merged into another")),
    ("department_split", _("Department split")),
    ("position_created", _("Position created")),
    ("position_renamed", _("Position renamed")),
    ("post_set", _("Post changed or moved")),
    ("post_ended", _("Post ended")),
    ("reporting_line_set", _("Reporting line set")),
    ("reporting_line_ended", _("Reporting line ended")),
    ("position_moved", _("Position moved")),
    ("position_closed", _("Position closed")),
    ("position_reopened", _("Position opened again")),
    ("lead_set", _("Lead named")),
    ("lead_ended", _("Lead ended")),
    ("deputy_set", _("Deputy named")),
    ("deputy_ended", _("Deputy ended")),
    ("person_placed", _("Person placed in a position")),
    ("placement_changed", _("Placement goes on elsewhere")),
    ("placement_ended", _("Placement ended")),
    ("calendar_created", _("Calendar made")),
    ("calendar_changed", _("Calendar changed")),
    ("calendar_made_default", _("Calendar made the default one")),
    ("calendar_dates_set", _("Dates of a calendar set")),
    ("calendar_dates_removed", _("Dates of a calendar removed")),
    ("calendar_national_days_loaded", _("Public holidays loaded")),
    ("calendar_year_confirmed", _("Dates of a year declared final")),
    ("import_started", _("Import of the organisation applied")),
):
    AUDIT_ACTIONS.register(AuditAction(key=f"org.{_code}", label=_label))

DEMO_PARTS.register(DemoPart(key="org", order=10, load=demo.load))
for _account in demo.accounts.OFFERED:
    DEMO_ACCOUNTS.register(_account)
for _stamp in (*stamps(), *staff.stamps()):
    SAFETY_OBJECTS.register(_stamp)


set_circumstances(circumstances)
GROUPS.register(NoticeGroup(key="org", order=500, label=_("People and organisation")))
KINDS.register(
    NoticeKind(
        key="org.erasure_proposed",
        order=510,
        group="org",
        label=_("Somebody's data is to be erased: your word is needed"),
        because=_("A second administrator must agree."),
        urgency=Urgency.ACTION,
        may_be_off=False,
    )
)
