"""When a field shows: a test of earlier answers, joined by all and any."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from neike.catalog.form_schema.fields import Field, Schema


@dataclass(frozen=True, slots=True)
class Condition:
    """True when the answer to `field` is one of `values` or more than `over`, or all / any of `parts` are.

    Exactly one of the four ways is used. An unanswered or hidden field fits nothing. Of several
    chosen answers one that fits is enough. For money `over` is in minor units, whatever the currency.
    """

    field: str = ""
    values: tuple[str | bool, ...] = ()
    over: int | float | None = None
    join: str = ""
    parts: tuple["Condition", ...] = ()

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """Tell whether these answers make the field show."""
        if self.join == "all":
            return all(part.holds(answers) for part in self.parts)
        if self.join == "any":
            return any(part.holds(answers) for part in self.parts)
        answer = answers.get(self.field)
        if self.over is not None:
            amount = answer.get("amount") if isinstance(answer, Mapping) else answer
            return isinstance(amount, int | float) and amount > self.over
        given = answer if isinstance(answer, list | tuple) else [answer]
        return any(_same(one, value) for one in given for value in self.values)

    def fields(self) -> frozenset[str]:
        """Return the keys of the fields it looks at."""
        return frozenset({self.field} if self.field else ()).union(
            *(part.fields() for part in self.parts)
        )


def _same(answer: object, value: str | bool) -> bool:  # noqa: FBT001 - a value, not a switch
    """Compare without Python's 1 == True."""
    return type(answer) is type(value) and answer == value


def visible_fields(schema: "Schema", answers: Mapping[str, Any]) -> list["Field"]:
    """Return the fields that show with these answers, in order.

    A hidden field counts as unanswered for the fields after it.
    """
    shown: list[Field] = []
    known: dict[str, Any] = {}
    for one in schema.fields:
        if one.show_if is None or one.show_if.holds(known):
            shown.append(one)
            if one.key in answers:
                known[one.key] = answers[one.key]
    return shown
