"""Events as JSON and back: plain values and ids only, by the types their dataclass declares."""

import dataclasses
import types
from datetime import date, datetime
from enum import Enum
from typing import Any, ClassVar, Protocol, Union, get_args, get_origin, get_type_hints
from uuid import UUID


class Event(Protocol):
    """A frozen dataclass in the past tense with a versioned name, such as "desk.leg_delivered.v1"."""

    name: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


_AS_THEY_ARE = (bool, int, float, str, type(None))


def encode(event: Event) -> dict[str, Any]:
    """Return the event's fields as JSON values.

    Raises:
        TypeError: a field holds something other than plain values, dates, UUIDs, enums or lists of them.
    """
    return {
        field.name: _plain(getattr(event, field.name), f"{event.name}.{field.name}")
        for field in dataclasses.fields(event)
    }


def decode(kind: type[Event], payload: dict[str, Any]) -> Event:
    """Rebuild the event from its stored fields.

    Raises:
        TypeError: a field is missing or not declared.
        ValueError: a value does not read as its declared type.
    """
    hints = get_type_hints(kind)
    return kind(**{name: _typed(value, hints.get(name, Any)) for name, value in payload.items()})


def _plain(value: Any, where: str) -> Any:  # noqa: ANN401 - any field
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, _AS_THEY_ARE):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item, where) for item in value]
    raise TypeError(f"{where}: an event holds ids and plain values, not {type(value).__name__}")


def _typed(value: Any, hint: Any) -> Any:  # noqa: ANN401 - one line per kind of type
    if value is None:
        return None
    if get_origin(hint) in {Union, types.UnionType}:
        return _typed(value, next(arm for arm in get_args(hint) if arm is not type(None)))
    if get_origin(hint) in {list, tuple}:
        return get_origin(hint)(_typed(item, get_args(hint)[0]) for item in value)
    if hint in {datetime, date}:
        return hint.fromisoformat(value)
    if isinstance(hint, type) and issubclass(hint, UUID | Enum):
        return hint(value)
    return value
