"""Builders of rules."""

from collections.abc import Mapping
from typing import Any

from neike.desk.actions import rules as actions
from neike.desk.models import Rule
from neike.engines.rules import Condition, Join, Op
from neike.kernel.texts import LocalizedText
from neike.org.models import Department, Person
from tests.make.desk import MONDAY


def content(
    *does: Mapping[str, Any], trigger: str = "submitted", name: str = "Rule", **more: Any
) -> actions.RuleContent:
    """Return what a rule says; without anything to do it leaves a note."""
    return actions.RuleContent(
        name=LocalizedText.of(zh=f"规则{name}", en=name),
        trigger=trigger,
        actions=does or ({"do": "note", "text": "Look at the stock first."},),
        **more,
    )


def rule(
    by: Person,
    department: Department | None,
    *does: Mapping[str, Any],
    on: bool = True,
    **more: Any,
) -> Rule:
    """Return a rule that is on."""
    made = actions.make_rule(
        department=department, by=by, content=content(*does, **more), now=MONDAY
    )
    return actions.switch_rule(rule=made, by=by, on=on, now=MONDAY)


def is_in(field: str, *values: str) -> tuple[Condition, ...]:
    """Return the condition that a fact is one of these."""
    return (Condition(field, Op.IN, list(values)),)


ANY = Join.ANY
