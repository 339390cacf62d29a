"""The registries of the product and the shape of what each holds.

Persons, departments and tickets appear as `Any`: the kernel knows none of the modules above it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise

from neike.kernel.registries.base import Registry

Text = str | Promise


def _everybody(_person: Any) -> bool:  # noqa: ANN401
    return True


def _nothing(_person: Any) -> int:  # noqa: ANN401
    return 0


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """A word of the sidebar. `count(person)` is the number that waits for that person (0 shows nothing)."""

    key: str
    order: int
    label: Text
    icon: str
    url_name: str
    group: str = "loop"
    visible: Callable[[Any], bool] = _everybody
    count: Callable[[Any], int] = _nothing


@dataclass(frozen=True, slots=True)
class DayItem:
    """One thing that waits for a person on "my day". `due_at` is aware or None; `note` says what is unsure about it."""

    title: str
    url: str
    what: Text
    due_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class MyDaySource:
    """Where items of one kind come from. `items(person, now)` is capped at ten; `url` opens the full list."""

    key: str
    order: int
    label: Text
    icon: str
    items: Callable[[Any, datetime], Sequence[DayItem]]
    url: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that explains itself.

    `value` is printed; `n` is the sample it stands on; `low`/`high` its 95 % interval in the unit of the
    value, if there is one; `url` opens the list behind it; `formula` says in words how it was computed.
    """

    label: Text
    value: str
    n: int | None = None
    low: str = ""
    high: str = ""
    period: str = ""
    formula: Text = ""
    url: str = ""
    note: Text = ""


@dataclass(frozen=True, slots=True)
class LoopPage:
    """What the steps of a loop page are about: one department in one period, for one reader, at one moment.

    `department` is the department as it was in the period, `organisation` the chart of that time (names without
    queries), `period` an `org.periods.Period`.
    """

    person: Any
    department: Any
    organisation: Any
    period: Any
    now: datetime


@dataclass(frozen=True, slots=True)
class NextAction:
    """What one does next about a step."""

    label: Text
    url: str


@dataclass(frozen=True, slots=True)
class StepShown:
    """What a step of the loop page shows.

    `headline` is its number in a few words; `running` whether the step happens at all in this department;
    `concern` whether something in it waits for somebody. `context` goes to the step's template.
    """

    headline: Text
    context: dict[str, Any]
    running: bool = True
    concern: bool = False
    action: NextAction | None = None


@dataclass(frozen=True, slots=True)
class LoopStep:
    """One of the steps of a department's loop page: its figures and its next action.

    `show(page)` returns what to show, or None to leave the step out; `template` gets its context, with `page`.
    """

    key: str
    order: int
    label: Text
    icon: str
    template: str
    show: Callable[[LoopPage], StepShown | None]


@dataclass(frozen=True, slots=True)
class TicketPanel:
    """What an upper module shows on the request page (rating, thanks, loop record)."""

    key: str
    order: int
    template: str
    context: Callable[[Any, Any, datetime], dict[str, Any]]
    """`context(person, ticket, now)`; an empty dict hides the panel, a true `asks` puts it where one's moves are."""


@dataclass(frozen=True, slots=True)
class ServicePanel:
    """What an upper module shows on the page of a service (knowledge about it); `place` "side", or "top" of all."""

    key: str
    order: int
    template: str
    context: Callable[[Any, Any, datetime], dict[str, Any]]
    """`context(person, service, now)`, only what the person may read; an empty dict hides the panel."""
    place: str = "side"


@dataclass(frozen=True, slots=True)
class StandardPanel:
    """What an upper module shows where a service's standard is read or written.

    `place` is "editor" (its owner looks at `standard`, the draft or what is in force), "publish" (the owner is about
    to publish the draft) or "page" (everybody who may see the service reads what is in force).
    """

    key: str
    order: int
    place: str
    template: str
    context: Callable[[Any, Any, datetime], dict[str, Any]]
    """`context(person, standard, now)`; an empty dict hides the panel."""


@dataclass(frozen=True, slots=True)
class RelationSeen:
    """A relation (with its ends) and at which of them the reader stands: "provider" or "customer"."""

    relation: Any
    side: str


@dataclass(frozen=True, slots=True)
class RelationFact:
    """One number or word about a relation, as its reader sees it; `url` opens what is behind it."""

    label: Text
    value: str
    url: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class RelationFigure:
    """What an upper module says about relations on their pages and lists.

    `facts(person, seen, now)` gets all relations of a page at once and answers by relation id, in a number of
    queries that does not depend on how many there are; only what the person may read; nothing to say: left out.
    `is_public`: it says the same to everybody, in words that fit people of neither end.
    """

    key: str
    order: int
    facts: Callable[[Any, Sequence[RelationSeen], datetime], Mapping[int, Sequence[RelationFact]]]
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class DemoPart:
    """A module's share of the demo company: `load(company)` is deterministic and bulk-written."""

    key: str
    order: int
    load: Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account that the demo's sign-in page offers for one click: what it is, and why one would look through it."""

    key: str
    order: int
    employee_no: str
    label: Text
    why: Text


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a nightly check found: which object, and what is wrong with it."""

    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class NightlyCheck:
    """An invariant verified on stored data every night; an empty list means it holds."""

    key: str
    order: int
    label: Text
    run: Callable[[datetime], list[Problem]]


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One thing that would happen if a change were saved; `concern` when somebody will not like it."""

    text: Text
    concern: bool = False


@dataclass(frozen=True, slots=True)
class CalendarPreview:
    """What a module says would happen if a calendar's hours became others.

    `lines(calendar_id, spec, now)` gets them as an `engines.worktime.CalendarSpec`; no line means no effect.
    """

    key: str
    order: int
    lines: Callable[[int, Any, datetime], Sequence[PreviewLine]]


@dataclass(frozen=True, slots=True)
class StructureChange:
    """What becomes of the organisation from a day on; departments by id, in the order they were named.

    `closing` stop working that day; `is_continued` says that others go on with what they did, `is_merged` that
    one other goes on with all of it.
    """

    on: date
    closing: tuple[int, ...]
    is_continued: bool
    is_merged: bool = False


@dataclass(frozen=True, slots=True)
class StructurePreview:
    """What a module says stands with departments that close, merge or split; no line means nothing.

    Asked before such a change is saved, and again on the page of a closed department.
    """

    key: str
    order: int
    lines: Callable[[StructureChange, datetime], Sequence[PreviewLine]]


@dataclass(frozen=True, slots=True)
class SafetyObject:
    """A trigger (or other database object) that Django does not know and that must survive migrations.

    `sql` maps a database vendor ("sqlite", "postgresql") to idempotent statements that (re)install it;
    `probe` maps the vendor to a query that returns one row when it is there. Where `table` is named and does
    not exist (another database, a migration half way), the object is neither installed nor missed.
    """

    key: str
    order: int
    sql: dict[str, tuple[str, ...]] = field(hash=False)
    probe: dict[str, str] = field(hash=False)
    table: str = ""


NAVIGATION: Registry[NavigationEntry] = Registry("navigation")
MY_DAY: Registry[MyDaySource] = Registry("my day")
LOOP_STEPS: Registry[LoopStep] = Registry("loop steps")
TICKET_PANELS: Registry[TicketPanel] = Registry("ticket panels")
SERVICE_PANELS: Registry[ServicePanel] = Registry("service panels")
STANDARD_PANELS: Registry[StandardPanel] = Registry("standard panels")
RELATION_FIGURES: Registry[RelationFigure] = Registry("relation figures")
DEMO_PARTS: Registry[DemoPart] = Registry("demo parts")
DEMO_ACCOUNTS: Registry[DemoAccount] = Registry("demo accounts")
NIGHTLY_CHECKS: Registry[NightlyCheck] = Registry("nightly checks")
SAFETY_OBJECTS: Registry[SafetyObject] = Registry("safety objects")
CALENDAR_PREVIEWS: Registry[CalendarPreview] = Registry("calendar previews")
STRUCTURE_PREVIEWS: Registry[StructurePreview] = Registry("structure previews")
