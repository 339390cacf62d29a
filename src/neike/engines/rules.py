"""Whether the conditions of a rule hold for facts, and what keeps rules from running in circles."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

DEPTH: Final = 5
"""So many rules may set one another off in a row."""
PER_DAY: Final = 10
"""So often one rule fires on one request within 24 hours."""


class Join(StrEnum):
    """How many of the conditions must hold."""

    ALL = "all"
    ANY = "any"


class Op(StrEnum):
    """How a fact is compared."""

    IN = "in"
    NOT_IN = "not_in"
    CONTAINS = "contains"
    IS = "is"
    OVER = "over"
    UNDER = "under"


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of the fact called `field`: "priority", "answer:cost". `value` is a text, number or list of texts."""

    field: str
    op: Op
    value: Any

    @classmethod
    def parse(cls, row: Mapping[str, Any]) -> "Condition":
        """Read what `as_json` wrote."""
        return cls(str(row["field"]), Op(row["op"]), row["value"])

    def as_json(self) -> dict[str, Any]:
        """Return the condition as it is stored."""
        return {"field": self.field, "op": self.op.value, "value": self.value}

    def holds(self, facts: Mapping[str, Any]) -> bool:
        """Whether it holds; an unknown fact meets only "not in"."""
        fact = facts.get(self.field)
        match self.op:
            case Op.IN:
                return bool(_words(fact) & _words(self.value))
            case Op.NOT_IN:
                return not _words(fact) & _words(self.value)
            case Op.CONTAINS:
                text = " ".join(sorted(_words(fact))).casefold()
                return any(word.casefold() in text for word in _words(self.value) if word)
            case Op.IS:
                return str(self.value).casefold() in {word.casefold() for word in _words(fact)}
        number, limit = _number(fact), _number(self.value)
        if number is None or limit is None:
            return False
        return number > limit if self.op == Op.OVER else number < limit


def _words(value: Any) -> set[str]:  # noqa: ANN401 - a fact is any JSON value
    if value is None:
        return set()
    if isinstance(value, (list, tuple, set, frozenset)):
        return {str(each) for each in value}
    return {str(value)}


def _number(value: Any) -> float | None:  # noqa: ANN401
    if isinstance(value, Mapping):
        value = value.get("amount")
    try:
        return None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class Match:
    """Whether a rule's conditions hold, and which of them do."""

    held: bool
    met: tuple[Condition, ...]


def match(conditions: Sequence[Condition], join: Join, facts: Mapping[str, Any]) -> Match:
    """Compare all conditions with the facts; a rule without conditions always holds."""
    met = tuple(each for each in conditions if each.holds(facts))
    held = not conditions or (bool(met) if join == Join.ANY else len(met) == len(conditions))
    return Match(held, met)


class Stop(StrEnum):
    """Why a rule does not fire although its conditions hold."""

    ITSELF = "itself"
    DEPTH = "depth"
    OFTEN = "often"


def stopped(rule: int, *, chain: Sequence[int], fired_today: int) -> Stop | None:
    """Return what keeps a rule from firing; `chain` are the rules that led here, the first one first."""
    if rule in chain:
        return Stop.ITSELF
    if len(chain) >= DEPTH:
        return Stop.DEPTH
    return Stop.OFTEN if fired_today >= PER_DAY else None


@dataclass(frozen=True, slots=True)
class Wiring:
    """What sets a rule off, and what it does, by their codes."""

    trigger: str
    actions: tuple[str, ...]


SETS_OFF: Final[Mapping[str, frozenset[str]]] = {
    "hand_over": frozenset({"offered"}),
    "ask_approval": frozenset({"approval_decided", "waiting"}),
    "assign": frozenset({"accepted"}),
    "set_priority": frozenset({"due", "clock_75", "clock_100"}),
}
"""What an action may lead to, by the codes of triggers. Notes and messages of rules set nothing off."""


def circle(rule: int, rules: Mapping[int, Wiring]) -> tuple[int, ...]:
    """Return the shortest way from a rule back to itself, it first, or () when it cannot set itself off."""
    paths: list[tuple[int, ...]] = [(rule,)]
    seen: set[int] = set()
    while paths:
        path = paths.pop(0)
        for other in _next(rules[path[-1]].actions, rules):
            if other == rule:
                return path
            if other not in seen:
                seen.add(other)
                paths.append((*path, other))
    return ()


def _next(actions: Collection[str], rules: Mapping[int, Wiring]) -> list[int]:
    caused = frozenset().union(*(SETS_OFF.get(each, frozenset()) for each in actions))
    return [key for key, each in rules.items() if each.trigger in caused]
