"""My internal customers: whom one serves and by whom one is served, each agreed or not in two taps."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from neike.kernel.policies import policy
from neike.kernel.registries import RelationSeen
from neike.relations import policies, queries
from neike.relations.choices import RelationKind, RelationLevel, Side
from neike.relations.display.rows import Row, rows_of
from neike.relations.models import ServiceRelation
from neike.relations.queries.mine import MOST, own_relations
from neike.relations.views.reading import Reader, reader_of
from neike.relations.wording import NO_REASONS

IN_FULL: Final = 8
"""So many relations of a group are shown in full; a head may have hundreds."""


@dataclass(frozen=True, slots=True)
class Group:
    """Customers of one direction, or those who serve; `empty` says what to do where there is none."""

    key: str
    title: str | Promise
    about: str | Promise
    icon: str
    rows: list[Row]
    empty: str | Promise

    @property
    def first_rows(self) -> list[Row]:
        """The rows shown with all that is known of them; those that wait for an answer come first."""
        return self.rows[:IN_FULL]

    @property
    def more_rows(self) -> list[Row]:
        """The others, of which the name and the state are shown."""
        return self.rows[IN_FULL:]

    @property
    def asking(self) -> int:
        """How many of them wait for the reader's answer."""
        return sum(row.asks for row in self.rows)


@require_safe
@policy("relations.use")
def mine(request: HttpRequest) -> HttpResponse:
    """Show the reader's internal customers in their groups, and who serves the reader."""
    reader = reader_of(request)
    serving = own_relations(reader.who, Side.PROVIDER)
    served = own_relations(reader.who, Side.CUSTOMER)
    seen = [
        *(RelationSeen(each, Side.PROVIDER) for each in serving),
        *(RelationSeen(each, Side.CUSTOMER) for each in served),
    ]
    rows = rows_of(reader.who, seen, chart=reader.chart, now=reader.now)
    customers, providers = rows[: len(serving)], rows[len(serving) :]
    is_manager = bool(reader.who.held.heads)
    context = {
        "groups": _groups(customers, is_manager=is_manager),
        "providers": _providers(providers, is_manager=is_manager),
        "is_manager": is_manager,
        "customers_count": len(customers),
        "waiting": waiting_count(reader),
        "first_asking": next((row.relation.pk for row in rows if row.asks), None),
        "departments": _own_departments(reader),
        "quick_reasons": NO_REASONS,
        "may_follow_whole_chart": bool(policies.may_follow_whole_chart(reader.who)),
        "is_cut": len(serving) == MOST or len(served) == MOST,
        "now": reader.now,
    }
    return render(request, "relations/mine.html", context)


def waiting_count(reader: Reader) -> int:
    """Count the relations that wait for the reader's answer; one query."""
    return queries.relations_to_confirm(reader.who).count()


def _groups(rows: Iterable[Row], *, is_manager: bool) -> list[Group]:
    """Put customers into the three directions a manager serves, and the rest; empty ones only a manager sees."""
    by_key: dict[str, list[Row]] = {"departments": [], "boss": [], "team": [], "others": []}
    for row in rows:
        by_key[_direction(row.relation)].append(row)
    words = _words(is_manager=is_manager)
    groups = [Group(key, *words[key][:3], found, words[key][3]) for key, found in by_key.items()]
    kept = {"team", "boss", "departments"} if is_manager else {"departments"}
    return [each for each in groups if each.rows or each.key in kept]


def _direction(relation: ServiceRelation) -> str:
    if relation.kind == RelationKind.TEAM:
        return "team"
    if relation.kind == RelationKind.BOSS:
        return "boss"
    return "departments" if relation.level == RelationLevel.DEPARTMENT else "others"


def _words(*, is_manager: bool) -> dict[str, tuple[str, str, str, str]]:
    departments = _("Departments we serve") if is_manager else _("Departments my department serves")
    return {
        "team": (
            _("My team members"),
            _("A manager serves the team: goals, means, backing."),
            "people",
            _("Nobody yet. The organisation chart names your team, read every night."),
        ),
        "boss": (
            _("My boss"),
            _("What the boss needs from you to lead well."),
            "arrow-up",
            _("Nobody yet. The organisation chart names your boss, read every night."),
        ),
        "departments": (
            departments,
            _("Those who go on with what you deliver, and those you support."),
            "department",
            _("No relation has been stated yet. Say whom your department serves."),
        ),
        "others": (
            _("Other customers"),
            _("Positions and colleagues you serve."),
            "person",
            "",
        ),
    }


def _providers(rows: list[Row], *, is_manager: bool) -> Group:
    about = (
        _("To these you are the customer: say what you need.")
        if is_manager
        else _("To these you and your department are customers: say what you need.")
    )
    empty = _("Nobody is named yet who serves you.")
    return Group("providers", _("Who serves me"), about, "handshake", rows, empty)


def _own_departments(reader: Reader) -> list[tuple[str, str]]:
    """Return name and page of the departments the reader works in or leads, as far as they still exist."""
    ids = [*reader.who.held.heads, *sorted(reader.who.works_in - reader.who.held.heads)]
    found = [reader.chart.get(each) for each in ids[:4]]
    return [
        (str(each.name), reverse("relations:department", args=[each.public_id]))
        for each in found
        if each is not None and each.is_active
    ]
