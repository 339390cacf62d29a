"""Rows of the queue, written in Python: a row costs a third of what the template engine takes (ADR 0005)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from neike.catalog.choices import Priority
from neike.desk.choices import LegState
from neike.desk.display import promises, times
from neike.desk.display.columns import USUAL, Column
from neike.desk.display.states import LEG_TONES
from neike.desk.queries import BarLeg, QueuePage, RowClock
from neike.kernel.ui import due, formatting, icons, tones
from neike.kernel.ui.avatars import initials, steady_hue
from neike.org.queries import OrgChart

_BAR: Final = {
    "primary": "nk-legs-primary",
    "info": "nk-legs-info",
    "warning": "nk-legs-warning",
    "error": "nk-legs-error",
    "success": "nk-legs-success",
    "neutral": "nk-legs-neutral",
}
_HOT: Final = (Priority.URGENT.value, Priority.HIGH.value)


class Words:
    """What all rows of one page share in the reader's language, written once."""

    def __init__(self) -> None:
        self.leg_states = dict(LegState.choices)
        self.priorities = dict(Priority.choices)
        self.number = escape(_("No."))
        self.columns = {each.value: escape(str(each.label)) for each in Column}
        self.hidden, self.nobody = escape(_("Confidential request")), escape(_("nobody yet"))
        self.select = _("Select %(number)s")
        self.step = _("%(department)s: %(state)s")
        self.until = _("hidden until %(when)s")
        self.dot = " · "

    @cached_property
    def states(self) -> dict[str, str]:
        """The badge of each leg state."""
        return {
            state: f'<span class="nk-badge nk-soft {tones.tone_class(LEG_TONES[LegState(state)])}">'
            f"{escape(str(label))}</span>"
            for state, label in self.leg_states.items()
        }

    @cached_property
    def marks(self) -> dict[str, str]:
        """The mark beside the number of what is urgent."""
        shown = {Priority.URGENT.value: "nk-tone-error", Priority.HIGH.value: "nk-tone-warning"}
        return {
            code: f'<span class="nk-q-mark {shown[code]}">{icons.icon_svg("bolt", str(self.priorities[code]))}</span>'
            for code in _HOT
        }

    @cached_property
    def chips(self) -> dict[str, tuple[str, str]]:
        """The beginning of each due chip, up to the title and up to the words."""
        return {
            name: (
                f'<span class="nk-badge nk-due {due.look(name).classes}"',
                f">{icons.icon_svg(due.look(name).icon)}<span>{escape(str(due.look(name).word))}",
            )
            for name in ("ok", "soon", "late", "paused", "met", "missed")
        }


class Rows:
    """Writes the rows of one page: `services` and `chart` give names; every value is escaped where it is put in."""

    def __init__(
        self,
        page: QueuePage,
        *,
        chart: OrgChart,
        services: Mapping[int, Any],
        now: datetime,
        columns: Sequence[str] = USUAL,
        hidden: Mapping[int, datetime] | None = None,
    ) -> None:
        self.page, self.chart, self.now = page, chart, now
        self.words = Words()
        self.hidden = hidden or {}
        self.services = {pk: escape(str(name)) for pk, name in services.items()}
        self.departments: dict[int, str] = {}
        self.legs: dict[tuple[str, int, int, bool], str] = {}
        self.notes: dict[str, None] = {}
        self.prefix = reverse("desk:ticket", args=[0])
        cells = self._cells()
        self.cells = [(self.words.columns[key], *cells[key]) for key in columns]

    def _cells(self) -> dict[str, tuple[str, Callable[[Any], str]]]:
        """Return the class and the writer of each column's cell."""
        return {
            Column.RELAY: ("", self._bar),
            Column.STATE: ("", lambda row: self.words.states[row.state]),
            Column.PRIORITY: ("", lambda row: escape(str(self.words.priorities[row.priority]))),
            Column.PROMISE: ("", self._chip),
            Column.ASSIGNEE: ("", self._who),
            Column.SERVICE: ("", self._open(lambda row: self.services.get(row.service_id, ""))),
            Column.CUSTOMER: ("", self._open(lambda row: self._department(row.customer_id))),
            Column.REQUESTER: ("", self._open(lambda row: escape(row.ticket__requester__name))),
            Column.OFFERED: (' class="nk-q-when"', lambda row: self._time(row.offered_at)),
            Column.STILL: (' class="nk-q-when"', lambda row: self._time(row.since)),
            Column.ACTIVITY: (
                ' class="nk-q-when"',
                lambda row: self._time(row.ticket__last_activity_at),
            ),
        }

    @staticmethod
    def _open(write: Callable[[Any], str]) -> Callable[[Any], str]:
        """Return a writer that says nothing of a row its reader may not read."""
        return lambda row: formatting.MISSING if row.redacted else write(row)

    def html(self) -> SafeString:
        """Return all rows."""
        return mark_safe("".join(map(self._row, self.page.rows)))  # noqa: S308 - each value was escaped

    def _department(self, pk: int) -> str:
        if pk not in self.departments:
            self.departments[pk] = escape(self.chart.name(pk))
        return self.departments[pk]

    def _row(self, row: Any) -> str:  # noqa: ANN401 - a named tuple of `queries.lists.ROW_FIELDS`
        words = self.words
        number = f"R-{row.ticket__number}"
        select = escape(words.select % {"number": number})
        return (
            f'<tr id="leg-{row.pk}" data-row{" data-offered" if row.state == "offered" else ""}>'
            f'<td class="nk-q-pick"><input type="checkbox" class="checkbox checkbox-sm" name="leg" '
            f'value="{row.pk}-{row.version}" aria-label="{select}" data-pick></td>'
            f'<td class="nk-q-no" data-label="{words.number}"><span>{number}{words.marks.get(row.priority, "")}</span></td>'
            f"{self._subject(row, number)}"
            + "".join(
                f'<td{look} data-label="{label}">{write(row)}</td>'
                for label, look, write in self.cells
            )
            + "</tr>"
        )

    def _subject(self, row: Any, number: str) -> str:  # noqa: ANN401
        if row.redacted:
            lock = icons.icon_svg("lock")
            return f'<th scope="row" class="nk-q-subject"><span class="nk-q-hidden">{lock} {self.words.hidden}</span></th>'
        address = self.prefix.replace("R-0", number)
        mark = icons.icon_svg("lock", self.words.hidden) if row.ticket__confidential else ""
        below = self.words.dot.join(
            (
                escape(row.ticket__requester__name),
                self._department(row.customer_id),
                self.services.get(row.service_id, ""),
            )
        )
        return (
            f'<th scope="row" class="nk-q-subject"><a href="{address}" data-open>{escape(row.ticket__title)}</a>{mark}'
            f'<span class="nk-q-below">{below}</span>{self._until(row)}</th>'
        )

    def _until(self, row: Any) -> str:  # noqa: ANN401
        """Say until when the reader hides the request from themselves."""
        until = self.hidden.get(row.ticket_id)
        if until is None:
            return ""
        words = escape(self.words.until % {"when": times.short(until, now=self.now)})
        return f'<span class="nk-q-below">{icons.icon_svg("eye-off")} {words}</span>'

    def _bar(self, row: Any) -> str:  # noqa: ANN401
        legs = self.page.bars.get(row.ticket_id, [])
        return f'<ol class="nk-legs">{"".join(self._leg(leg, row) for leg in legs[:8])}</ol>'

    def _leg(self, leg: BarLeg, row: Any) -> str:  # noqa: ANN401
        key = (leg.state, leg.supplier_id, row.supplier_id, row.redacted)
        if key not in self.legs:
            self.legs[key] = self._leg_of(leg, row)
        return self.legs[key]

    def _leg_of(self, leg: BarLeg, row: Any) -> str:  # noqa: ANN401
        state = str(self.words.leg_states[leg.state])
        name = "" if row.redacted else self.chart.name(leg.supplier_id)
        title = (
            escape(self.words.step % {"department": name, "state": state})
            if name
            else escape(state)
        )
        here = " nk-legs-here" if leg.supplier_id == row.supplier_id else ""
        tone = _BAR[LEG_TONES[LegState(leg.state)]]
        return f'<li class="{tone}{here}" title="{title}"><span class="sr-only">{title}</span></li>'

    def _chip(self, row: Any) -> str:  # noqa: ANN401
        clock: RowClock | None = self.page.clocks.get(row.pk)
        calendar = self.page.calendars.get(clock.calendar_id) if clock else None
        shown = promises.chip(clock, calendar, now=self.now) if clock and calendar else None
        if shown is None:
            return formatting.MISSING
        first, second = self.words.chips[shown.state]
        text = f" · {escape(shown.text)}" if shown.text else ""
        if shown.note:
            self.notes[shown.note] = None
            text = f"{text}</span>{icons.icon_svg('info', shown.note)}<span>"
        return f'{first} title="{escape(shown.title)}"{second}{text}</span></span>'

    def _who(self, row: Any) -> str:  # noqa: ANN401
        name = row.assignee__name
        if not name:
            return f'<span class="nk-q-nobody">{self.words.nobody}</span>'
        return (
            f'<span class="nk-q-who"><span class="nk-avatar nk-hue {steady_hue(name)} size-7 text-[0.6875rem]" '
            f'aria-hidden="true">{escape(initials(name))}</span>{escape(name)}</span>'
        )

    def _time(self, at: datetime) -> str:
        return f'<time datetime="{at.isoformat()}">{escape(times.short(at, now=self.now))}</time>'
