"""Making rules, changing them, switching them on and off."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from neike.catalog.models import Service
from neike.desk import policies
from neike.desk.actions.errors import DeskError
from neike.desk.actions.rule_effects import EFFECTS
from neike.desk.choices import TIME_TRIGGERS, RuleTrigger
from neike.desk.models import Rule, RuleVersion
from neike.desk.policies import Standing
from neike.desk.queries import rules as queries
from neike.engines import rules as engine
from neike.kernel import audit
from neike.kernel.policies import require
from neike.kernel.texts import LocalizedText
from neike.org.models import Department, Person

MOST_HOURS: Final = 1000


class RuleSaysNothingError(DeskError):
    """A rule needs a name and at least one thing to do."""

    def __str__(self) -> str:
        return _("Please give the rule a name and at least one thing to do.")


class RuleHoursError(DeskError):
    """A rule by time needs to know how long."""

    def __str__(self) -> str:
        return _("Please say after how many working hours, at least 1.")


class RuleTooWideError(DeskError):
    """A service owner's rule may only reach the services they own."""

    def __str__(self) -> str:
        return _("As owner of a service you make rules for your services only: choose them.")


class RuleChangedError(DeskError):
    """Somebody changed the rule after it was read."""

    def __str__(self) -> str:
        return _("Somebody was faster: the rule has changed. Nothing was saved.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleContent:
    """What a rule says; see `RuleVersion`."""

    name: LocalizedText
    trigger: str
    amount: int | None = None
    join: engine.Join = engine.Join.ALL
    conditions: tuple[engine.Condition, ...] = ()
    actions: tuple[Mapping[str, Any], ...] = ()
    order: int = 100

    def says(self) -> dict[str, Any]:
        """Return what a version stores."""
        return {
            "trigger": self.trigger,
            "amount": self.amount if self.trigger in TIME_TRIGGERS else None,
            "join": self.join.value,
            "conditions": [each.as_json() for each in self.conditions],
            "actions": [dict(each) for each in self.actions],
        }


@transaction.atomic
def make_rule(
    *, department: Department | None, by: Person, content: RuleContent, now: datetime
) -> Rule:
    """Make a rule of a department, or of the whole organisation (None); it is off.

    Raises:
        PermissionDenied: `by` may not make rules there.
        RuleSaysNothingError, RuleHoursError, RuleTooWideError: the content is not enough, or too much.
    """
    who = policies.standing(by, now=now)
    require(policies.may_manage_rules(who, department.pk if department else None))
    _check(who, department, content)
    rule = Rule.objects.create(department=department, name=content.name, order=content.order)
    rule.current = RuleVersion.objects.create(
        rule=rule, number=1, made_by=by, made_at=now, **content.says()
    )
    rule.save(update_fields=["current"])
    _record("desk.rule_made", rule, by, {}, now)
    return rule


@transaction.atomic
def change_rule(
    *, rule: Rule, by: Person, content: RuleContent, number: int, now: datetime
) -> Rule:
    """Let a rule say something else: a new version; `number` is that of the version the person saw.

    Raises:
        PermissionDenied: `by` may not change it.
        RuleChangedError: somebody was faster.
        RuleSaysNothingError, RuleHoursError, RuleTooWideError: as in `make_rule`.
    """
    rule, who = _begin(rule, by=by, now=now)
    current = queries.version_of(rule)
    if current.number != number:
        raise RuleChangedError
    _check(who, rule.department, content)
    before = _said(rule)
    rule.name, rule.order = content.name, content.order
    says = content.says()
    if any(getattr(current, name) != value for name, value in says.items()):
        rule.current = RuleVersion.objects.create(
            rule=rule, number=number + 1, made_by=by, made_at=now, **says
        )
    rule.save()
    _record("desk.rule_changed", rule, by, before, now)
    return rule


@transaction.atomic
def switch_rule(*, rule: Rule, by: Person, on: bool, now: datetime) -> Rule:
    """Switch a rule on or off.

    Raises:
        PermissionDenied: `by` may not change it.
    """
    rule, _who = _begin(rule, by=by, now=now)
    before = _said(rule)
    rule.active = on
    rule.save(update_fields=["active"])
    _record("desk.rule_switched", rule, by, before, now)
    return rule


def _begin(rule: Rule, *, by: Person, now: datetime) -> tuple[Rule, Standing]:
    who = policies.standing(by, now=now)
    Rule.objects.select_for_update().get(pk=rule.pk)
    rule = Rule.objects.select_related("current", "department").get(pk=rule.pk)
    require(policies.may_manage_rules(who, rule.department_id))
    if who.owns and not _commands(who, rule.department_id):
        _check_services(who, queries.conditions_of(queries.version_of(rule)), rule.current)
    return rule, who


def _commands(who: Standing, department_id: int | None) -> bool:
    """Whether they decide for the whole department, not only for services they own."""
    return who.administers or department_id in who.leads


def _check(who: Standing, department: Department | None, content: RuleContent) -> None:
    says = content.says()
    known = all(each.get("do") in EFFECTS for each in content.actions)
    if not str(content.name).strip() or not content.actions or not known:
        raise RuleSaysNothingError
    if content.trigger not in RuleTrigger.values:
        raise RuleSaysNothingError
    if content.trigger in TIME_TRIGGERS and not 1 <= (says["amount"] or 0) <= MOST_HOURS:
        raise RuleHoursError
    if not _commands(who, department.pk if department else None):
        _check_services(who, content.conditions, content)


def _check_services(
    who: Standing, conditions: Iterable[engine.Condition], joined: RuleContent | RuleVersion | None
) -> None:
    """Refuse a rule of a service owner that reaches beyond their services."""
    own = {
        str(each)
        for each in Service.objects.filter(pk__in=who.owns).values_list("public_id", flat=True)
    }
    narrow = any(
        each.field == "service" and each.op == engine.Op.IN and set(each.value) <= own
        for each in conditions
    )
    if not narrow or joined is None or joined.join != engine.Join.ALL:
        raise RuleTooWideError


def _said(rule: Rule) -> dict[str, Any]:
    number = rule.current.number if rule.current else 0
    return {"version": number, "active": rule.active, "order": rule.order}


def _record(action: str, rule: Rule, by: Person, before: dict[str, Any], now: datetime) -> None:
    audit.record(action=action, subject=rule, by=by, before=before, after=_said(rule), now=now)


def own_circle(rule: Rule) -> list[Rule]:
    """Return the rules through which a rule can set itself off, it first; empty if it cannot.

    Rules that are off do not count, except this one.
    """
    wiring = queries.wiring() | {rule.pk: queries.wiring_of(queries.version_of(rule))}
    path = engine.circle(rule.pk, wiring)
    rules = {row.pk: row for row in Rule.objects.filter(pk__in=path)}
    return [rules[pk] for pk in path]
