"""Rules in plain sentences, and what they did."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.utils import translation
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from neike.catalog.choices import ApproverRule, Priority
from neike.catalog.models import Service
from neike.desk.choices import (
    TIME_TRIGGERS,
    Channel,
    RuleAction,
    RuleTrigger,
    TicketState,
    WaitingOn,
)
from neike.desk.models import RuleVersion
from neike.engines.rules import Op
from neike.org.models import Person
from neike.org.queries import OrgChart

FIELDS: Final[Mapping[str, Any]] = {
    "service": gettext_lazy("the service"),
    "priority": gettext_lazy("the priority"),
    "customer": gettext_lazy("the asking department"),
    "channel": gettext_lazy("the channel"),
    "state": gettext_lazy("the state"),
    "waiting_on": gettext_lazy("whom it waits for"),
    "text": gettext_lazy("the text"),
}
_CHOICES: Final[Mapping[str, Any]] = {
    "priority": Priority,
    "channel": Channel,
    "state": TicketState,
    "waiting_on": WaitingOn,
}


@dataclass
class Names:
    """Services, departments and people that rules name, by public id."""

    services: Mapping[str, Any] = field(default_factory=dict)
    departments: Mapping[str, Any] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)

    def of(self, what: str, value: str) -> str:
        """Return how a condition's value is called."""
        if what == "service":
            return str(self.services.get(value, "?"))
        if what == "customer":
            return str(self.departments.get(value, "?"))
        if what in _CHOICES and value in _CHOICES[what].values:
            return str(_CHOICES[what](value).label)
        return value


def names_in(versions: Iterable[RuleVersion], chart: OrgChart) -> Names:
    """Return the names that these versions need, in two queries."""
    services: set[str] = set()
    people: set[str] = set()
    for version in versions:
        for condition in version.conditions:
            if condition["field"] == "service":
                services.update(condition["value"])
        people.update(said["person"] for said in version.actions if said.get("person"))
    rows = Service.objects.filter(public_id__in=[UUID(each) for each in services])
    named = Person.objects.filter(public_id__in=[UUID(each) for each in people])
    return Names(
        {str(each.public_id): each.name for each in rows},
        {str(each.public_id): each.name for each in chart},
        {str(each.public_id): each.name for each in named},
    )


def sentence(version: RuleVersion, names: Names) -> str:
    """Return what a rule says, as one sentence in the reader's language."""
    parts = [_condition(each, names) for each in version.conditions]
    joint = _(" and ") if version.join == "all" else _(" or ")
    does = _("; ").join(action(each, names) for each in version.actions)
    what = {"when": _when(version), "if": joint.join(parts), "do": does}
    if not parts:
        return _("When %(when)s: %(do)s.") % what
    return _("When %(when)s and %(if)s: %(do)s.") % what


def sentences(version: RuleVersion, names: Names) -> list[tuple[str, str]]:
    """Return the sentence in both languages with their codes, the reader's first."""
    reader = "zh-hans" if (get_language() or "").startswith("zh") else "en"
    found = []
    for code in (reader, "en" if reader == "zh-hans" else "zh-hans"):
        with translation.override(code):
            found.append((code, sentence(version, names)))
    return found


def _when(version: RuleVersion) -> str:
    if version.trigger not in TIME_TRIGGERS:
        return str(RuleTrigger(version.trigger).label)
    count = version.amount or 0
    match version.trigger:
        case RuleTrigger.QUIET:
            said = ngettext(
                "nothing has happened for %(count)d working hour",
                "nothing has happened for %(count)d working hours",
                count,
            )
        case RuleTrigger.WAITING:
            said = ngettext(
                "work has waited for %(count)d working hour",
                "work has waited for %(count)d working hours",
                count,
            )
        case _:
            said = ngettext(
                "something is due within %(count)d working hour",
                "something is due within %(count)d working hours",
                count,
            )
    return said % {"count": count}


def _condition(row: Mapping[str, Any], names: Names) -> str:
    what, value = str(row["field"]), row["value"]
    values = value if isinstance(value, list) else [value]
    listed = _(" or ").join(names.of(what, str(each)) for each in values)
    said = {"what": _field(what), "value": listed}
    match row["op"]:
        case Op.NOT_IN:
            return _("%(what)s is not %(value)s") % said
        case Op.CONTAINS:
            return _("%(what)s contains “%(value)s”") % said
        case Op.OVER:
            return _("%(what)s is over %(value)s") % said
        case Op.UNDER:
            return _("%(what)s is under %(value)s") % said
    return _("%(what)s is %(value)s") % said


def _field(what: str) -> str:
    if what.startswith("answer:"):
        return _("the answer “%(key)s”") % {"key": what.removeprefix("answer:")}
    return str(FIELDS.get(what, what))


def action(said: Mapping[str, Any], names: Names) -> str:
    """Return what one action does."""
    do = _ACTIONS.get(said["do"])
    return do(said, names) if do else str(said["do"])


def _who(said: Mapping[str, Any], names: Names) -> str:
    return names.people.get(said.get("person", ""), "?")


def _assign(said: Mapping[str, Any], names: Names) -> str:
    if not said.get("person"):
        return _("assign it as the department gives out its work")
    return _("assign it to %(person)s") % {"person": _who(said, names)}


def _priority(said: Mapping[str, Any], names: Names) -> str:
    label = names.of("priority", said["priority"])
    return _("set the priority to %(priority)s") % {"priority": label}


def _watch(said: Mapping[str, Any], names: Names) -> str:
    return _("let %(person)s follow") % {"person": _who(said, names)}


def _hand_over(said: Mapping[str, Any], names: Names) -> str:
    to = str(names.departments.get(said["department"], "?"))
    return _("ask %(department)s to work beside: “%(text)s”") % {
        "department": to,
        "text": said["text"],
    }


def _approval(said: Mapping[str, Any], names: Names) -> str:
    who = _who(said, names) if said["by"] == "person" else str(ApproverRule(said["by"]).label)
    return _("ask for approval by %(who)s: “%(text)s”") % {"who": who, "text": said["text"]}


def _notify(said: Mapping[str, Any], names: Names) -> str:
    if said.get("person"):
        return _("notify %(person)s") % {"person": _who(said, names)}
    if said.get("whom") == "assignee":
        return _("notify whoever works on it")
    return _("notify the lead")


_ACTIONS: Final[Mapping[str, Callable[[Mapping[str, Any], Names], str]]] = {
    RuleAction.ASSIGN: _assign,
    RuleAction.SET_PRIORITY: _priority,
    RuleAction.WATCH: _watch,
    RuleAction.NOTE: lambda said, _names: _("leave the internal note “%(text)s”") % said,
    RuleAction.MESSAGE: lambda said, _names: _("send the automatic message “%(text)s”") % said,
    RuleAction.TASK: lambda said, _names: _("open the task “%(title)s”") % said,
    RuleAction.HAND_OVER: _hand_over,
    RuleAction.ASK_APPROVAL: _approval,
    RuleAction.NOTIFY: _notify,
}

_STOPS: Final = {
    "itself": gettext_lazy("the rule has caused this itself"),
    "depth": gettext_lazy("too many rules have set one another off"),
    "often": gettext_lazy("it has fired too often on this request within a day"),
}


@dataclass(frozen=True, slots=True)
class Result:
    """One action of a firing: what, whether it was done, why not."""

    what: str
    done: bool
    why: str


def results(rows: Iterable[Mapping[str, Any]]) -> list[Result]:
    """Return what a rule did, in the reader's language."""
    return [
        Result(
            str(RuleAction(row["do"]).label) if row["do"] in RuleAction.values else row["do"],
            bool(row["done"]),
            _why(row.get("why") or {}),
        )
        for row in rows
    ]


def _why(why: Mapping[str, str]) -> str:
    if why.get("code") in _STOPS:
        return str(_STOPS[why["code"]])
    language = "zh-hans" if (get_language() or "").startswith("zh") else "en"
    return why.get(language, "")
