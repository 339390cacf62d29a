"""Changes of the organisation in words."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from neike.kernel.registries import PreviewLine
from neike.org.actions.lines import LineTrial
from neike.org.actions.structure_trials import Picture, Trial
from neike.org.models import BusinessCalendar, Person
from neike.org.standing import DepartmentOnDay, OrgChart


def difference(trial: Trial, *, on: date, today: date) -> list[PreviewLine]:
    """Say what a change would do to the organisation on its day; nothing when it changes nothing."""
    lines = [
        *_departments(trial),
        *_people(trial),
        *_positions(trial.before, trial.after),
        *_leaders(trial),
    ]
    return [*lines, *_when(on, today)] if lines else []


def line_effects(
    trial: LineTrial, person: Person, *, on: date, today: date, ends: bool
) -> list[PreviewLine]:
    """Say to whom a person would report, and what decides it; nothing where all stays as it is."""
    if trial.before == trial.after and not ends:
        return []
    words = {
        "name": person.name,
        "day": on.isoformat(),
        "old": trial.before.name if trial.before else "",
        "new": trial.after.name if trial.after else "",
    }
    lines = [PreviewLine(_reports(trial) % words, concern=trial.after is None)]
    if ends:
        lines.append(PreviewLine(_("From then on the posts and heads of departments decide.")))
    if trial.above:
        names = " → ".join(each.name for each in trial.above)
        lines.append(PreviewLine(_("Above %(new)s stand: %(names)s.") % {**words, "names": names}))
    if trial.before is not None and trial.before != trial.after:
        lines.append(
            PreviewLine(
                _("%(name)s counts among the team of %(old)s until then, and no longer.") % words
            )
        )
    return [*lines, *_when(on, today)]


def _reports(trial: LineTrial) -> str:
    if trial.after is None:
        return _("From %(day)s on %(name)s reports to nobody.")
    if trial.before == trial.after:
        return _("%(name)s goes on reporting to %(new)s after %(day)s.")
    if trial.before is None:
        return _("From %(day)s on %(name)s reports to %(new)s, until then to nobody.")
    return _("From %(day)s on %(name)s reports to %(new)s, no longer to %(old)s.")


def _when(on: date, today: date) -> Iterator[PreviewLine]:
    if on < today:
        yield PreviewLine(
            _(
                "%(day)s lies in the past: what is shown of the time since then follows the new organisation."
            )
            % {"day": on.isoformat()},
            concern=True,
        )
    if on > today:
        yield PreviewLine(
            _("Until %(day)s everything stays as it is.") % {"day": on.isoformat()},
        )


def line_keys(lines: Sequence[PreviewLine]) -> list[str]:
    """Return what tells each line from any other."""
    return [hashlib.sha256(str(each.text).encode()).hexdigest()[:12] for each in lines]


def _departments(trial: Trial) -> Iterator[PreviewLine]:
    before, after = trial.before.chart, trial.after.chart
    for _depth, now in after.walk():
        was = before.get(now.id)
        if was is None:
            yield PreviewLine(
                _("“%(name)s” is founded below %(above)s.")
                % {"name": now.name, "above": _above(after, now)}
            )
        elif was != now:
            yield from _changes(was, now, before, after)


def _changes(
    was: DepartmentOnDay, now: DepartmentOnDay, before: OrgChart, after: OrgChart
) -> Iterator[PreviewLine]:
    if was.is_active and not now.is_active:
        yield PreviewLine(_("“%(name)s” closes.") % {"name": was.name}, concern=True)
    if now.is_active and not was.is_active:
        yield PreviewLine(_("“%(name)s” opens again.") % {"name": was.name})
    if was.name != now.name:
        yield PreviewLine(
            _("“%(old)s” is called “%(new)s”.")
            % {"old": _all_languages(was), "new": _all_languages(now)}
        )
    if was.parent_id != now.parent_id:
        yield PreviewLine(
            _("“%(name)s” moves: below %(new)s, no longer below %(old)s.")
            % {"name": now.name, "new": _above(after, now), "old": _above(before, was)}
        )
    if was.purpose != now.purpose:
        yield PreviewLine(_("What “%(name)s” is for is described anew.") % {"name": now.name})
    if was.calendar_id != now.calendar_id:
        yield PreviewLine(
            _("“%(name)s” works by the calendar “%(calendar)s”.")
            % {"name": now.name, "calendar": _calendar(now.calendar_id)}
        )


def _people(trial: Trial) -> Iterator[PreviewLine]:
    """Say how many people go from where to where."""
    flows: Counter[tuple[str, str]] = Counter()
    lost, gained = _by_person(trial.before, trial.after), _by_person(trial.after, trial.before)
    for person, left in lost.items():
        for old in left:
            for new in gained.get(person, ()) or (None,):
                name = trial.after.chart.name(new) if new else ""
                flows[trial.before.chart.name(old), name] += 1
    for (old_name, new_name), count in sorted(flows.items()):
        if new_name:
            text = ngettext(
                "%(count)d person goes from “%(old)s” to “%(new)s”.",
                "%(count)d people go from “%(old)s” to “%(new)s”.",
                count,
            )
        else:
            text = ngettext(
                "%(count)d person leaves “%(old)s”.", "%(count)d people leave “%(old)s”.", count
            )
        yield PreviewLine(text % {"count": count, "old": old_name, "new": new_name})


def _by_person(here: Picture, there: Picture) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for person, department in sorted(here.placed - there.placed):
        found.setdefault(person, []).append(department)
    return found


def _positions(before: Picture, after: Picture) -> Iterator[PreviewLine]:
    for department, count in sorted((after.positions - before.positions).items()):
        text = ngettext(
            "“%(name)s” gets %(count)d new position.",
            "“%(name)s” gets %(count)d new positions.",
            count,
        )
        yield PreviewLine(text % {"name": after.chart.name(department), "count": count})


def _leaders(trial: Trial) -> Iterator[PreviewLine]:
    for now in trial.after.chart:
        was = trial.before.chart.leaders(now.id)
        for each in now.leaders:
            if each not in was:
                yield PreviewLine(
                    _("%(person)s leads “%(name)s”.") % {"person": each.name, "name": now.name}
                )
        for each in was:
            if each not in now.leaders:
                yield PreviewLine(
                    _("%(person)s no longer leads “%(name)s”, or deputises there.")
                    % {"person": each.name, "name": now.name}
                )


def _above(chart: OrgChart, department: DepartmentOnDay) -> str:
    name = chart.name(department.parent_id)
    return f"“{name}”" if name else _("nothing: at the top")


def _all_languages(department: DepartmentOnDay) -> str:
    """Return every name a department has: a change of one that the reader does not see is a change, too."""
    texts = department.name.texts
    return " / ".join(dict.fromkeys(texts[key] for key in sorted(texts, reverse=True)))


def _calendar(pk: int | None) -> str:
    found = BusinessCalendar.objects.filter(pk=pk).first() if pk else None
    return str(found.name) if found else _("as the department above")
