"""What an owner promises: a matrix of targets, calendar, quality and steps."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from neike.catalog import wording
from neike.catalog.actions import StandardContent, StepContent
from neike.catalog.choices import Priority, TargetMetric
from neike.catalog.forms.localized import initial_of, lines_of, text_of, texts_of, two_inputs
from neike.catalog.models import ServiceStandard
from neike.catalog.queries import working_day
from neike.kernel.texts import LocalizedText
from neike.org.models import BusinessCalendar

PRIORITIES = ("", *Priority.values)


class TimeField(forms.CharField):
    """A working time such as 30m, 4h, 2d or 2 天; gives seconds or None. `day` is set before cleaning."""

    day = wording.DEFAULT_DAY

    def clean(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Return the seconds.

        Raises:
            ValidationError: it is no time, or not more than zero.
        """
        text = super().clean(value)
        try:
            seconds = wording.read_time(text, self.day)
        except ValueError:
            raise forms.ValidationError(
                _("“%(text)s” is no working time. Write 30m, 4h or 2d.") % {"text": text}
            ) from None
        if seconds is not None and seconds <= 0:
            raise forms.ValidationError(_("A promise must be more than zero."))
        return seconds


class StandardForm(forms.Form):
    """The standard's own values; the steps are a formset beside it."""

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        standard: ServiceStandard | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(two_inputs("promise", _("The promise in one sentence"), most=300))
        self.fields |= {
            "calendar": forms.ModelChoiceField(
                BusinessCalendar.objects.order_by("-is_default", "pk"),
                label=_("Business calendar"),
                empty_label=None,
            ),
            "default_priority": forms.ChoiceField(
                label=_("Usual priority"), choices=Priority.choices, initial=Priority.NORMAL
            ),
            "third_party_pauses": forms.BooleanField(
                label=_("Waiting for an outside supplier pauses the delivery of a leg"),
                required=False,
            ),
            "quality": forms.CharField(
                label=_("Quality criteria"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 4}),
                help_text=_("One per line: Chinese | English."),
            ),
        }
        for metric in TargetMetric:
            for priority in PRIORITIES:
                self.fields[target_name(metric, priority)] = TimeField(
                    label=_target_label(metric, priority), required=False, max_length=40
                )
        if standard is not None:
            self.initial = {**_initial(standard), **self.initial}

    def clean_calendar(self) -> BusinessCalendar:
        """Learn how long a working day is before the targets are read."""
        calendar: BusinessCalendar = self.cleaned_data["calendar"]
        for field in self.fields.values():
            if isinstance(field, TimeField):
                field.day = working_day(calendar)
        return calendar

    def matrix(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Yield each metric with its inputs: for every priority, then for single ones."""
        for metric in TargetMetric:
            yield str(metric.label), [self[target_name(metric, one)] for one in PRIORITIES]

    def others(self) -> list[BoundField]:
        """Return the inputs outside the matrix."""
        return [self[name] for name in self.fields if not name.startswith("target-")]

    def content(self, steps: tuple[StepContent, ...]) -> StandardContent:
        """Return what the actions take, after `is_valid()`."""
        given = self.cleaned_data
        targets: dict[str, dict[str, int]] = {}
        for metric in TargetMetric:
            for priority in PRIORITIES:
                seconds = given[target_name(metric, priority)]
                if seconds:
                    targets.setdefault(metric.value, {})[priority] = seconds
        return StandardContent(
            calendar=given["calendar"],
            targets=targets,
            promise=text_of("promise", given),
            default_priority=given["default_priority"],
            third_party_pauses=given["third_party_pauses"],
            quality_criteria=texts_of(given["quality"]),
            steps=steps,
        )


def target_name(metric: str, priority: str) -> str:
    """Return the name of one input of the matrix."""
    return f"target-{metric}-{priority or 'any'}"


def _target_label(metric: TargetMetric, priority: str) -> str:
    which = Priority(priority).label if priority else _("every priority")
    return _("%(metric)s, %(priority)s") % {"metric": metric.label, "priority": which}


def _initial(standard: ServiceStandard) -> dict[str, Any]:
    day = working_day(standard.calendar)
    criteria = map(LocalizedText.from_json, standard.quality_criteria)
    return {
        **initial_of("promise", standard.promise),
        **{
            target_name(each.metric, each.priority): wording.short_time(each.seconds, day)
            for each in standard.targets.all()
        },
        "calendar": standard.calendar_id,
        "default_priority": standard.default_priority,
        "third_party_pauses": standard.third_party_pauses,
        "quality": lines_of(criteria),
    }
