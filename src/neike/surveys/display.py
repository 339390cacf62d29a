"""Results as a page shows them: figures with their interval, charts, rows."""

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.engines.ratings import Summary
from neike.engines.shares import Share, wilson
from neike.kernel.ui.charts import Chart, Series, bar_chart, line_chart
from neike.kernel.ui.formatting import MISSING, number, percent
from neike.org.periods import Period
from neike.org.queries import OrgChart
from neike.surveys import queries
from neike.surveys.choices import Score, reason_words
from neike.surveys.queries import Results

FORMULA: Final[Promise] = gettext_lazy(
    "Mean of all ratings from 1 to 5. The interval is Student's, t(people − 1), with the ratings of one person taken as one voice; the share satisfied counts 4 and 5, with Wilson's interval; both 95%."
)
_STEP: Final = 10
_FEWEST_MONTHS: Final = 2
_ROUGH_BELOW: Final = 20
"""Published shares of fewer ratings are rounded to five percent (R10)."""


def shown(results: Results, organisation: OrgChart) -> dict[str, Any]:
    """Return what the template draws of results."""
    summary = results.summary
    return {
        "results": results,
        "mean": number(summary.mean, 1),
        "low": bound(summary.low),
        "high": bound(summary.high),
        "satisfied": share_words(summary, is_named=results.is_named),
        "counts": distribution(results) if results.counts else None,
        "trend": trend(results) if len(results.by_month) >= _FEWEST_MONTHS else None,
        "customers": [
            {
                "name": organisation.name(part.customer_id) or _("a former department")
                if part.customer_id
                else _("smaller departments together"),
                "summary": part.summary,
                "mean": number(part.summary.mean, 1),
                "low": bound(part.summary.low),
                "high": bound(part.summary.high),
                "satisfied": share_words(part.summary, is_named=results.is_named),
            }
            for part in results.by_customer
        ],
        "reasons": [
            (reason_words(code, Score.GOOD if good else Score.POOR), good, times)
            for code, good, times in results.reasons
        ],
        "formula": FORMULA,
    }


def bound(value: float | None) -> str:
    """Write an end of an interval; nothing where there is none."""
    return "" if value is None else number(value, 1)


def share_words(summary: Summary, *, is_named: bool) -> str:
    """Write the share of the satisfied; published ones of small samples in steps of five percent."""
    value = summary.satisfied.value
    if not is_named and summary.n < _ROUGH_BELOW:
        value = round(value * 20) / 20
    return percent(value)


def distribution(results: Results) -> Chart:
    """Draw how often each step of the scale was chosen."""
    assert results.counts is not None  # noqa: S101 - asked before
    return bar_chart(
        [str(step.label) for step in Score],
        [Series(_("Ratings"), list(results.counts))],
        axis=_("Rating"),
        horizontal=True,
    )


def trend(results: Results) -> Chart:
    """Draw the mean month by month with its interval; months of fewer than five people are not among them."""
    months = results.by_month
    return line_chart(
        [f"{month.start:%Y-%m}" for month in months],
        [
            Series(
                _("Mean rating"),
                [_tenth(month.summary.mean) for month in months],
                low=[_tenth(month.summary.low) for month in months],
                high=[_tenth(month.summary.high) for month in months],
            )
        ],
        axis=_("Month"),
        low=1,
        high=5,
    )


def _tenth(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def response(department_id: int, period: Period, *, is_named: bool) -> dict[str, Any]:
    """Return which share of the resolved requests was rated; for others in steps of ten percent, without numbers."""
    resolved, rated = queries.tickets_answered(department_id, period)
    found: Share | None = wilson(rated, resolved)
    if found is None:
        return {"response": MISSING}
    if not is_named:
        tens = round(found.value * _STEP) * _STEP
        return {"response": _("about %(percent)s%%") % {"percent": tens}}
    return {"response": percent(found.value), "rated": rated, "resolved": resolved}
