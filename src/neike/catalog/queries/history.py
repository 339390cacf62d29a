"""The versions of a service's standard and what changed from each to the next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from neike.catalog.choices import Priority, StandardState, TargetMetric
from neike.catalog.models import Service, ServiceStandard
from neike.kernel.texts import LocalizedText


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed. For a target `before` and `after` are working seconds, otherwise words.

    None or "" says that there was, or is, none.
    """

    what: str
    is_target: bool
    before: Any
    after: Any
    is_criteria: bool = False


@dataclass(frozen=True, slots=True)
class VersionOnPage:
    """A published version with what it changed; the first one changed nothing."""

    standard: ServiceStandard
    is_current: bool
    differences: tuple[Difference, ...]


def history(service: Service) -> list[VersionOnPage]:
    """Return the published versions of a service's standard, newest first, in three queries."""
    versions = list(
        service.standards.filter(state=StandardState.PUBLISHED)
        .select_related("calendar", "published_by")
        .prefetch_related("targets", "steps")
        .order_by("version")
    )
    before: list[ServiceStandard | None] = [None, *versions]
    found = [
        VersionOnPage(
            standard=standard,
            is_current=standard.pk == service.standard_id,
            differences=tuple(differences(old, standard)) if old else (),
        )
        for old, standard in zip(before, versions, strict=False)  # the first has none before it
    ]
    return found[::-1]


def differences(old: ServiceStandard, new: ServiceStandard) -> list[Difference]:
    """Return what `new` says otherwise than `old`: targets first, then everything else."""
    return [*_target_differences(old, new), *_other_differences(old, new)]


def _targets(standard: ServiceStandard) -> dict[tuple[str, str], int]:
    return {(one.metric, one.priority): one.seconds for one in standard.targets.all()}


def _target_differences(old: ServiceStandard, new: ServiceStandard) -> Iterable[Difference]:
    before, after = _targets(old), _targets(new)
    for metric in TargetMetric:
        for priority in ("", *Priority.values):
            key = (metric.value, priority)
            if before.get(key) != after.get(key):
                yield Difference(_target_name(*key), True, before.get(key), after.get(key))  # noqa: FBT003 - a record


def _target_name(metric: str, priority: str) -> str:
    if not priority:
        return str(TargetMetric(metric).label)
    return _("%(metric)s, %(priority)s") % {
        "metric": TargetMetric(metric).label,
        "priority": Priority(priority).label,
    }


def _other_differences(old: ServiceStandard, new: ServiceStandard) -> Iterable[Difference]:
    before, after = _words(old), _words(new)
    for what, said in after.items():
        if before[what] != said:
            yield Difference(
                what=what,
                is_target=False,
                before=before[what],
                after=said,
                is_criteria=what == _("Quality criteria"),
            )


def _words(standard: ServiceStandard) -> Mapping[str, str]:
    return {
        _("What we promise"): str(standard.promise),
        _("Business calendar"): str(standard.calendar),
        _("Usual priority"): str(standard.get_default_priority_display()),
        _("Waiting for an outside supplier"): (
            _("pauses the delivery of a leg")
            if standard.third_party_pauses
            else _("does not pause")
        ),
        _("Quality criteria"): _joined(map(LocalizedText.from_json, standard.quality_criteria)),
        _("Steps"): _joined(step.title for step in standard.steps.all()),
    }


def _joined(texts: Iterable[LocalizedText]) -> str:
    return _("; ").join(str(text) for text in texts)
