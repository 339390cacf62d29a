"""What differs between two versions of a form, a plan, a promise or a whole service, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from neike.catalog import wording
from neike.catalog.actions import StandardContent, StepContent
from neike.catalog.choices import HandOverMode, Priority, StepJoin, StepKind, TargetMetric
from neike.catalog.display.conditions import condition_words
from neike.catalog.display.fields import (
    SETTINGS,
    TYPE_NAMES,
    column_line,
    setting_names,
    setting_text,
)
from neike.catalog.display.plans import approver_words
from neike.catalog.models import Service
from neike.kernel.texts import LocalizedText
from neike.org.queries import OrgChart

Facts = Mapping[str, tuple[str, Mapping[str, str]]]
"""What is compared: by key its name and what is said about it, as words by label."""

ADDED: Final = "added"
REMOVED: Final = "removed"
CHANGED: Final = "changed"


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing said otherwise; empty words say that there was, or is, nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something added, removed or changed."""

    kind: str
    name: str
    details: tuple[Detail, ...] = ()


def compare(old: Facts, new: Facts) -> list[Change]:
    """Return what was added, changed and removed, in the order of the new version, the removed at the end."""
    found = []
    for key, (name, said) in new.items():
        if key not in old:
            found.append(Change(ADDED, name))
            continue
        details = tuple(_details(old[key][1], said))
        if details:
            found.append(Change(CHANGED, name, details))
    found += [Change(REMOVED, name) for key, (name, _said) in old.items() if key not in new]
    kept_before = [key for key in old if key in new]
    kept_after = [key for key in new if key in old]
    if kept_before != kept_after:
        names = _(", ").join(new[key][0] for key in kept_after)
        before = _(", ").join(old[key][0] for key in kept_before)
        found.append(Change(CHANGED, _("The order"), (Detail("", before, names),)))
    return found


def _details(old: Mapping[str, str], new: Mapping[str, str]) -> list[Detail]:
    labels = dict.fromkeys([*new, *old])
    return [
        Detail(label, old.get(label, ""), new.get(label, ""))
        for label in labels
        if old.get(label, "") != new.get(label, "")
    ]


def both(text: LocalizedText) -> str:
    """Return a text in all its languages: a change in one of them must be seen by readers of the other."""
    return " / ".join(dict.fromkeys(text.texts[key] for key in sorted(text.texts, reverse=True)))


def form_facts(fields: Sequence[Mapping[str, Any]]) -> Facts:
    """Return what a form says, by field."""
    names = setting_names()
    return {one["key"]: (_label(one), _field(one, fields, names)) for one in fields}


def _label(raw: Mapping[str, Any]) -> str:
    return str(LocalizedText.from_json(raw["label"]))


def _field(
    one: Mapping[str, Any], fields: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> dict[str, str]:
    said = {
        _("Question"): both(LocalizedText.from_json(one["label"])),
        _("Kind of answer"): str(TYPE_NAMES.get(one["type"], one["type"])),
        _("Help"): both(LocalizedText.from_json(one.get("help") or {})),
        _("An answer is needed"): _("yes") if one.get("required") else _("no"),
        _("Choices"): _("; ").join(
            both(LocalizedText.from_json(each["label"])) for each in one.get("choices", [])
        ),
        _("Columns"): _("; ").join(column_line(each) for each in one.get("columns", [])),
        _("Only if"): condition_words(one.get("show_if") or {}, fields),
    }
    return said | {names[name]: setting_text(one, name) for name in SETTINGS if name in one}


def plan_facts(
    steps: Sequence[StepContent],
    fields: Sequence[Mapping[str, Any]],
    chart: OrgChart,
    *,
    day: int,
) -> Facts:
    """Return what a plan says, by step."""
    titles = {step.key: str(step.title) for step in steps}
    return {
        step.key or f"#{number}": (str(step.title), _step(step, titles, fields, chart, day))
        for number, step in enumerate(steps, start=1)
    }


def _step(
    step: StepContent,
    titles: Mapping[str, str],
    fields: Sequence[Mapping[str, Any]],
    chart: OrgChart,
    day: int,
) -> dict[str, str]:
    several = StepJoin(step.join).label if len(step.after) > 1 else ""
    return {
        _("Step"): both(step.title),
        _("What it is"): str(StepKind(step.kind).label),
        _("Who"): chart.name(step.department.pk) if step.department else "",
        _("Working time"): wording.working_time(step.seconds, day) if step.seconds else "",
        _("Begins by itself"): _("yes") if step.automatic else _("no"),
        _("Begins after"): _(", ").join(titles.get(key, key) for key in step.after),
        _("Of several before it"): str(several),
        _("Hand-over"): str(HandOverMode(step.mode).label) if step.kind == StepKind.LEG else "",
        _("Only if"): condition_words(step.show_if, fields),
        _("Checklist"): _("; ").join(map(both, step.checklist)),
        _("Approvers"): _("; ").join(approver_words(rule, chart) for rule in step.approvers),
        _("How many must approve"): step.quorum if step.kind == StepKind.APPROVAL else "",
    }


def promise_facts(content: StandardContent, *, day: int) -> Facts:
    """Return what a standard promises besides its plan."""
    said: dict[str, tuple[str, dict[str, str]]] = {}
    for metric in TargetMetric:
        for priority, seconds in content.targets.get(metric.value, {}).items():
            label = str(Priority(priority).label) if priority else _("every priority")
            name, words = said.setdefault(metric.value, (str(metric.label), {}))
            words[label] = wording.working_time(seconds, day)
            said[metric.value] = name, words
    yes, no = _("yes"), _("no")
    others = {
        _("What we promise"): both(content.promise),
        _("Business calendar"): str(content.calendar),
        _("Usual priority"): str(Priority(content.default_priority).label),
        _("Waiting for an outside supplier pauses"): yes if content.third_party_pauses else no,
        _("Quality criteria"): _("; ").join(map(both, content.quality_criteria)),
        _("The plan is done with"): str(StepJoin(content.steps_join).label),
    }
    return {**said, **{name: (name, {"": words}) for name, words in others.items()}}


def text_facts(service: Service, audience: Sequence[str]) -> Facts:
    """Return what a service says about itself; `audience` are the names of departments."""
    said = {
        _("Name"): both(service.name),
        _("Summary"): both(service.summary),
        _("Description"): both(service.description),
        _("Search words"): _(", ").join(service.keywords),
        _("Icon"): service.icon,
        _("Offered to"): _(", ").join(audience) or _("everybody"),
        _("Confidential"): _("yes") if service.confidential else _("no"),
        _("Place in the list"): str(service.order),
    }
    return {name: (name, {"": words}) for name, words in said.items()}
