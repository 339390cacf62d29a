"""What a standard says, before it is stored, and whether it can be kept."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from neike.catalog import form_schema
from neike.catalog.actions.errors import StandardRefusedError
from neike.catalog.choices import HandOverMode, Priority, StepJoin, StepKind, TargetMetric
from neike.engines import plans
from neike.engines.worktime import UnknownZoneError, WorktimeError, prepare
from neike.kernel.texts import LocalizedText
from neike.org import queries as org_queries
from neike.org.models import BusinessCalendar, Department

Targets = Mapping[str, Mapping[str, int]]
ANY: Final = ""
MOST_SECONDS: Final = 2_000_000_000  # fits the column of both databases; 60 years of working time
_MOST_STEPS: Final = 20
_MOST_CRITERIA: Final = 20
_KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class StepContent:
    """One step of the plan, as `StandardStep` stores it; `seconds` is its share of working time, if promised."""

    department: Department | None
    title: LocalizedText
    mode: str = HandOverMode.RELAY
    seconds: int | None = None
    key: str = ""
    kind: str = StepKind.LEG
    automatic: bool = False
    after: tuple[str, ...] = ()
    join: str = StepJoin.ALL
    show_if: Mapping[str, Any] = field(default_factory=dict)
    checklist: tuple[LocalizedText, ...] = ()
    approvers: tuple[Mapping[str, str], ...] = ()
    quorum: str = "all"


@dataclass(frozen=True, slots=True)
class StandardContent:
    """Everything a version of a standard says.

    `targets[metric][priority]` is in working seconds; the priority "" stands for every priority that has
    no target of its own.
    """

    calendar: BusinessCalendar
    targets: Targets
    promise: LocalizedText = field(default_factory=LocalizedText)
    default_priority: str = Priority.NORMAL
    third_party_pauses: bool = False
    quality_criteria: tuple[LocalizedText, ...] = ()
    steps: tuple[StepContent, ...] = ()
    steps_join: str = StepJoin.ALL


def minutes(targets: Mapping[str, Mapping[str, int] | int]) -> dict[str, dict[str, int]]:
    """Return targets in seconds from working minutes: `minutes({"end_to_end": {"": 450, "1": 150}})`.

    A plain number holds for every priority.
    """
    return {
        metric: {
            priority: value * 60
            for priority, value in (given if isinstance(given, Mapping) else {ANY: given}).items()
        }
        for metric, given in targets.items()
    }


def check_content(content: StandardContent) -> None:
    """Go on when the content can be stored as a draft.

    Raises:
        StandardRefusedError: with a sentence for each thing that cannot be.
    """
    problems = [*content_problems(content), *calendar_problems(content.calendar)]
    if problems:
        raise StandardRefusedError(problems)


def content_problems(content: StandardContent) -> list[str]:
    """Return what is wrong with everything but the calendar."""
    problems = [*_target_problems(content.targets), *_step_problems(content.steps)]
    problems += [*_plan_problems(content.steps), *_approval_problems(content.steps)]
    if content.default_priority not in Priority.values:
        problems.append(_("The usual priority must be one of 1, 2, 3 and 4."))
    if len(content.quality_criteria) > _MOST_CRITERIA:
        problems.append(
            _("A standard may have at most %(most)d quality criteria.") % {"most": _MOST_CRITERIA}
        )
    return problems


def publishing_problems(targets: Targets) -> list[str]:
    """Return what a standard lacks before it can be published: both main promises for every priority."""
    problems: list[str] = []
    for metric in (TargetMetric.FIRST_RESPONSE, TargetMetric.END_TO_END):
        given = targets.get(metric, {})
        if ANY not in given and not set(Priority.values) <= set(given):
            problems.append(
                _("The standard needs a target for “%(metric)s” that holds for every priority.")
                % {"metric": metric.label}
            )
    for priority in Priority:
        answer = _target(targets, TargetMetric.FIRST_RESPONSE, priority)
        done = _target(targets, TargetMetric.END_TO_END, priority)
        if answer is not None and done is not None and answer > done:
            problems.append(
                _("For priority “%(priority)s” the first response is promised later than the end.")
                % {"priority": priority.label}
            )
    return problems


def _target(targets: Targets, metric: str, priority: str) -> int | None:
    given = targets.get(metric, {})
    return given.get(priority, given.get(ANY))


def _target_problems(targets: Targets) -> Iterator[str]:
    for metric, by_priority in targets.items():
        if metric not in TargetMetric.values:
            yield _("There is no metric “%(metric)s”.") % {"metric": str(metric)[:40]}
            continue
        label = TargetMetric(metric).label
        for priority, seconds in by_priority.items():
            if priority not in (ANY, *Priority.values):
                yield _("There is no priority “%(priority)s”.") % {"priority": str(priority)[:40]}
            elif type(seconds) is not int or seconds <= 0:
                yield (
                    _("The target for “%(metric)s” must be more than zero, not %(given)s.")
                    % {"metric": label, "given": str(seconds)[:40]}
                )
            elif seconds > MOST_SECONDS:
                yield _("The target for “%(metric)s” is longer than anybody waits.") % {
                    "metric": label
                }


def calendar_problems(calendar: BusinessCalendar) -> Iterator[str]:
    """Yield why a promise cannot be counted on this calendar; costs three queries."""
    stored = BusinessCalendar.objects.filter(pk=calendar.pk).first() if calendar.pk else None
    if stored is None:
        yield _("The business calendar does not exist.")
        return
    try:
        # Not the cached one: the calendar may have been changed in this very transaction.
        spec = prepare(org_queries.calendar_spec(stored)).spec
    except UnknownZoneError as error:
        yield (
            _("The business calendar “%(calendar)s” names the unknown time zone %(zone)s.")
            % {"calendar": stored, "zone": error.zone}
        )
    except WorktimeError as error:
        yield (
            _("The business calendar “%(calendar)s” cannot be used: %(reason)s.")
            % {"calendar": stored, "reason": error}
        )
    else:
        if not any(spec.week) and not any(hours for _day, hours in spec.special):
            yield _("The business calendar “%(calendar)s” never opens.") % {"calendar": stored}


def condition_problems(
    steps: Iterable[tuple[LocalizedText, Mapping[str, Any]]], fields: list[dict[str, Any]]
) -> list[str]:
    """Return why the conditions of a plan's steps, given as (title, condition), do not fit a form's fields."""
    schema = form_schema.parse(fields)
    problems = []
    for title, condition in steps:
        try:
            form_schema.parse_condition(dict(condition), schema)
        except form_schema.SchemaError as error:
            problems.append(
                _("The step “%(step)s” does not fit the request form: %(said)s")
                % {"step": title, "said": error.message}
            )
    return problems


def _plan_problems(steps: tuple[StepContent, ...]) -> Iterator[str]:
    """Yield why the automatic steps cannot wait for one another as they say."""
    titles = {step.key: str(step.title) for step in steps}
    for problem in plans.problems([plan_step(step) for step in steps if step.automatic]):
        names = [titles.get(key, key) for key in problem.keys]
        match problem.kind:
            case plans.ProblemKind.TWICE:
                yield _("Two steps have the same key, %(key)s.") % {"key": problem.keys[0]}
            case plans.ProblemKind.ITSELF:
                yield _("The step “%(step)s” waits for itself.") % {"step": names[0]}
            case plans.ProblemKind.UNKNOWN:
                yield _("The step “%(step)s” waits for %(other)s, which is no automatic step.") % {
                    "step": names[0],
                    "other": names[1],
                }
            case plans.ProblemKind.CIRCLE:
                yield _("These steps wait for one another in a circle: %(steps)s.") % {
                    "steps": " → ".join(names)
                }


def plan_step(step: StepContent) -> plans.PlanStep:
    """Return the step as the engine reads it."""
    return plans.PlanStep(step.key, step.after, plans.Join(step.join))


def _approval_problems(steps: tuple[StepContent, ...]) -> Iterator[str]:
    for step in steps:
        if step.kind != StepKind.APPROVAL:
            continue
        if not step.approvers:
            yield _("The step “%(step)s” needs somebody who approves.") % {"step": step.title}
        if step.quorum not in ("all", "any") and not (
            step.quorum.isdecimal() and int(step.quorum) > 0
        ):
            yield _("The step “%(step)s” must say how many approve: all, any, or a number.") % {
                "step": step.title
            }


def _step_problems(steps: tuple[StepContent, ...]) -> Iterator[str]:
    if len(steps) > _MOST_STEPS:
        yield _("A standard may have at most %(most)d steps.") % {"most": _MOST_STEPS}
    for number, step in enumerate(steps, start=1):
        if not step.title:
            yield _("Step %(number)d needs a title.") % {"number": number}
        if step.mode not in HandOverMode.values:
            yield _("Step %(number)d has no such way to hand over.") % {"number": number}
        if step.department is None and step.kind == StepKind.LEG:
            yield _("Step %(number)d needs a department that does it.") % {"number": number}
        if step.automatic and not _KEY.fullmatch(step.key):
            yield (
                _("Step %(number)d needs a key of small letters, digits and hyphens.")
                % {"number": number}
            )
        if step.seconds is not None and not 0 < step.seconds <= MOST_SECONDS:
            yield _("The time of step %(number)d must be more than zero.") % {"number": number}
