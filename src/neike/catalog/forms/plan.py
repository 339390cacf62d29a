"""Editing the plan by which a service is fulfilled: legs, tasks and approvals that wait for one another."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from neike.catalog import wording
from neike.catalog.actions import StepContent
from neike.catalog.choices import ApproverRule, HandOverMode, StepJoin, StepKind
from neike.catalog.forms.conditions import (
    LooseChoice,
    LooseChoices,
    condition_inputs,
    condition_of,
    initial_of_condition,
    offer,
)
from neike.catalog.forms.controls import PersonField, department_choices, person_label
from neike.catalog.forms.localized import initial_of, lines_of, text_of, texts_of, two_inputs
from neike.catalog.forms.rows import change, give_keys, number_of
from neike.catalog.forms.standards import TimeField
from neike.catalog.models import ServiceStandard, StandardStep
from neike.catalog.queries import working_day
from neike.kernel.texts import LocalizedText
from neike.org.models import Department, Person, Position
from neike.org.queries import OrgChart

_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "mode": (StepKind.LEG,),
    "checklist": (StepKind.TASK,),
    "manager": (StepKind.APPROVAL,),
    "heads": (StepKind.APPROVAL,),
    "position": (StepKind.APPROVAL,),
    "approver": (StepKind.APPROVAL,),
    "quorum": (StepKind.APPROVAL,),
    "department": (StepKind.LEG, StepKind.TASK),
}
_OWN_LEAD: Final = "own"
MOST_STEPS: Final = 20


class PlanForm(forms.Form):
    """What holds for the whole plan."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["steps_join"] = forms.ChoiceField(
            label=_("The plan is done with"),
            choices=StepJoin.choices,
            required=False,
            help_text=_("Meant are the steps that no other step waits for."),
        )


class PlanStepForm(forms.Form):
    """One step; without any title it is left out."""

    use_required_attribute = False

    def __init__(
        self, *args: Any, chart: OrgChart, day: int, reader: Person, on: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        time = TimeField(
            label=_("Working time"), required=False, max_length=40, help_text="30m, 4h, 2d"
        )
        time.day = day
        departments = department_choices(chart)
        self.fields |= {
            "kind": forms.ChoiceField(
                label=_("What it is"),
                choices=StepKind.choices,
                widget=forms.Select(attrs={"data-autosubmit": ""}),
            ),
            **two_inputs("title", _("Step"), most=200),
            "department": forms.ChoiceField(
                label=_("Who"),
                choices=[("", _("the department that offers the service")), *departments],
                required=False,
            ),
            "time": time,
            "after": LooseChoices(
                label=_("Begins after"),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Nothing chosen: it begins at once."),
            ),
            "join": forms.ChoiceField(
                label=_("Of several before it"), choices=StepJoin.choices, required=False
            ),
            "mode": forms.ChoiceField(
                label=_("Hand-over"),
                choices=HandOverMode.choices,
                initial=HandOverMode.PARALLEL,
                required=False,
            ),
            "checklist": forms.CharField(
                label=_("Checklist"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 4}),
                help_text=_("One per line: Chinese | English."),
            ),
            **_approver_inputs(departments, reader, on),
            "automatic": forms.BooleanField(
                label=_("Begins by itself"),
                required=False,
                initial=True,
                help_text=_("Otherwise it only describes what people hand on by hand."),
            ),
            **condition_inputs(),
            "key": forms.CharField(
                label=_("Key"), max_length=40, required=False, help_text=_("Made by itself.")
            ),
            "rest": forms.CharField(required=False, widget=forms.HiddenInput),
        }
        self._keep_quorum()

    def _keep_quorum(self) -> None:
        """Let a number that the list does not offer stay what it is."""
        quorum, stored = self.fields["quorum"], str(self["quorum"].value() or "all")
        if isinstance(quorum, forms.ChoiceField) and stored not in dict(_quorums()):
            quorum.choices = [*_quorums(), (stored, stored)]

    @property
    def kind_now(self) -> str:
        """Return what the step is at the moment."""
        return str(self["kind"].value() or StepKind.LEG)

    def _named(self, *names: str) -> list[Any]:
        return [self[name] for name in names if self.kind_now in _KINDS.get(name, StepKind.values)]

    @property
    def shown(self) -> list[Any]:
        """Return the inputs that are always there for this kind of step."""
        return self._named(
            "kind", "time", "title_zh", "title_en", "department", "mode", "checklist", "manager",
            "heads", "position", "approver", "quorum",
        )  # fmt: skip

    @property
    def waiting(self) -> list[Any]:
        """Return the inputs that say after what it begins."""
        names = ["after", "join"] if self["after"].field.choices else []  # type: ignore[attr-defined]
        return self._named(*names, "automatic")

    @property
    def details(self) -> list[Any]:
        """Return the inputs that fold."""
        return self._named("tests", "tests_join", "over_field", "over", "key")

    @property
    def unused(self) -> list[Any]:
        """Return the inputs this kind has no use for; they travel along."""
        used = {field.name for field in (*self.shown, *self.waiting, *self.details)}
        return [
            field
            for field in self
            if field.name not in used and field.name not in ("ORDER", "DELETE", "rest")
        ]


def _quorums() -> list[tuple[str, str]]:
    several = [
        (str(n), pgettext("approvers", "%(number)d of them") % {"number": n}) for n in range(2, 10)
    ]
    return [
        ("all", pgettext("approvers", "all of them")),
        ("any", pgettext("approvers", "any one of them")),
        *several,
    ]


def _approver_inputs(
    departments: list[tuple[str, str]], reader: Person, on: date
) -> dict[str, forms.Field]:
    positions = Position.objects.order_by("code")[:500]
    return {
        "manager": forms.BooleanField(label=_("The requester's manager approves"), required=False),
        "heads": LooseChoices(
            label=_("Heads of departments approve"),
            choices=[(_OWN_LEAD, _("the requester's department")), *departments],
            required=False,
            widget=forms.SelectMultiple(attrs={"size": 4, "data-enhance": ""}),
        ),
        "position": forms.ChoiceField(
            label=_("Whoever holds this position approves"),
            choices=[("", "–"), *((str(each.public_id), str(each.title)) for each in positions)],
            required=False,
        ),
        "approver": PersonField(
            label=_("This person approves"), required=False, reader=reader, on=on
        ),
        "quorum": LooseChoice(
            label=_("How many must approve"),
            choices=_quorums(),
            required=False,
            initial="all",
        ),
    }


PlanFormSet = formset_factory(
    PlanStepForm, extra=0, can_delete=True, can_order=True, max_num=MOST_STEPS, absolute_max=80
)


_FRESH: Final = {"automatic": "on", "mode": HandOverMode.PARALLEL.value, "quorum": "all"}


def changed(data: Any, what: str) -> Any:  # noqa: ANN401 - a QueryDict
    """Return the posted steps after a button; a new step begins by itself, beside others, unless one says otherwise."""
    before = number_of(data.get("plan-TOTAL_FORMS"))
    data = change(data, "plan", what, most=MOST_STEPS)
    if what == "add" and number_of(data["plan-TOTAL_FORMS"]) > before:
        for name, value in _FRESH.items():
            data[f"plan-{before}-{name}"] = value
    return with_keys(data)


def with_keys(data: Any) -> Any:  # noqa: ANN401 - a QueryDict
    """Give the new steps keys, so that others can wait for them."""
    give_keys(data, "plan", "step-", ("title_zh", "title_en"))
    return data


def plan_initial(
    standard: ServiceStandard | None, fields: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return what the rows show; steps without a key, of older standards, get one."""
    if standard is None:
        return []
    day = working_day(standard.calendar)
    steps = list(standard.steps.select_related("department"))
    taken = {step.key for step in steps}
    free = (f"step-{number}" for number in range(1, 100) if f"step-{number}" not in taken)
    return [_initial(step, step.key or next(free), day, fields) for step in steps]


def _initial(
    step: StandardStep, key: str, day: int, fields: list[dict[str, Any]]
) -> dict[str, Any]:
    condition = initial_of_condition(step.show_if, fields)
    rest: dict[str, Any] = {} if condition is not None else {"show_if": step.show_if}
    return {
        "key": key,
        "kind": step.kind,
        **initial_of("title", step.title),
        "department": str(step.department.public_id) if step.department else "",
        "mode": step.mode,
        "time": wording.short_time(step.seconds, day),
        "automatic": step.automatic,
        "after": step.after,
        "join": step.join,
        "checklist": lines_of(map(LocalizedText.from_json, step.checklist)),
        "quorum": step.quorum,
        **_approvers_initial(step, rest),
        **(condition or {}),
        "rest": json.dumps(rest) if rest else "",
    }


def _approvers_initial(step: StandardStep, rest: dict[str, Any]) -> dict[str, Any]:
    """Return what the inputs show of the approvers; a second person or position travels along in `rest`."""
    found: dict[str, Any] = {"manager": False, "heads": []}
    for rule in step.approvers:
        match rule["by"]:
            case ApproverRule.MANAGER:
                found["manager"] = True
            case ApproverRule.DEPARTMENT_LEAD:
                found["heads"].append(rule.get("department", _OWN_LEAD))
            case ApproverRule.POSITION if "position" not in found:
                found["position"] = rule["position"]
            case ApproverRule.PERSON if "approver" not in found:
                person = Person.objects.filter(public_id=rule["person"]).first()
                found["approver"] = person_label(person) if person else ""
            case _:
                rest.setdefault("approvers", []).append(rule)
    return found


def offer_choices(formset: BaseFormSet[PlanStepForm], fields: Iterable[Mapping[str, Any]]) -> None:
    """Let each step wait for the others, and show for the answers of the form."""
    known = list(fields)
    names = [(str(form["key"].value() or ""), _title(form)) for form in formset.forms]
    gone = {str(form["key"].value()) for form in formset.forms if form["DELETE"].value()}
    for form in formset.forms:
        own = str(form["key"].value() or "")
        chosen = set(form["after"].value() or [])
        after = form.fields["after"]
        if isinstance(after, forms.ChoiceField):
            others = [(key, name) for key, name in names if key and key != own and name]
            after.choices = [each for each in others if each[0] not in gone or each[0] in chosen]
        offer(form, known)


def _title(form: forms.Form) -> str:
    return str(
        LocalizedText.of(
            zh=str(form["title_zh"].value() or ""), en=str(form["title_en"].value() or "")
        )
    )


def plan_of(
    formset: BaseFormSet[PlanStepForm], fields: Iterable[Mapping[str, Any]]
) -> tuple[StepContent, ...]:
    """Return the steps in their order, after `is_valid()`."""
    rows = [
        form.cleaned_data for form in formset.ordered_forms if text_of("title", form.cleaned_data)
    ]
    wanted = [row["department"] for row in rows if row["department"]]
    departments = {
        str(key): each
        for key, each in Department.objects.in_bulk(wanted, field_name="public_id").items()
    }
    kept = {row["key"].strip() for row in rows}
    return tuple(_content(row, departments, kept, list(fields)) for row in rows)


def _content(
    row: Mapping[str, Any],
    departments: Mapping[str, Department],
    kept: set[str],
    fields: list[Mapping[str, Any]],
) -> StepContent:
    kind, rest = row["kind"], _rest(row["rest"])
    return StepContent(
        department=departments.get(row["department"]) if kind != StepKind.APPROVAL else None,
        title=text_of("title", row),
        mode=row["mode"] or HandOverMode.PARALLEL,
        seconds=row["time"],
        key=row["key"].strip(),
        kind=kind,
        automatic=row["automatic"],
        after=tuple(key for key in row["after"] if key in kept),
        join=row["join"] or StepJoin.ALL,
        show_if=condition_of(row, fields) or rest.get("show_if") or {},
        checklist=texts_of(row["checklist"]) if kind == StepKind.TASK else (),
        approvers=_approvers(row, rest) if kind == StepKind.APPROVAL else (),
        quorum=row["quorum"].strip() or "all",
    )


def _approvers(row: Mapping[str, Any], rest: Mapping[str, Any]) -> tuple[Mapping[str, str], ...]:
    rules: list[Mapping[str, str]] = [{"by": "manager"}] if row["manager"] else []
    rules += [
        {"by": "department_lead"}
        if head == _OWN_LEAD
        else {"by": "department_lead", "department": head}
        for head in row["heads"]
    ]
    if row["position"]:
        rules.append({"by": "position", "position": row["position"]})
    if row["approver"]:
        rules.append({"by": "person", "person": row["approver"]})
    more = rest.get("approvers")
    return (*rules, *(more if isinstance(more, list) else []))


def _rest(raw: str) -> dict[str, Any]:
    try:
        found = json.loads(raw) if raw else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
