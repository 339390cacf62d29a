"""Who listens to what: filled at start-up by the modules' `receivers.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from neike.kernel.outbox.codec import Event

Function = TypeVar("Function", bound=Callable[..., None])


@dataclass(frozen=True, slots=True)
class Receiver:
    """A function `receiver(event, *, now)` that hears one kind of event, under a name that stays for ever."""

    name: str
    kind: type[Event]
    function: Callable[..., None]

    @property
    def hears(self) -> str:
        """Return the name of the event it hears."""
        return self.kind.name


_receivers: dict[str, Receiver] = {}


def receives(kind: type[Any], *, name: str = "") -> Callable[[Function], Function]:
    """Subscribe `function(event, *, now)` to a kind of event.

    It runs in a worker, inside the transaction that also completes its delivery, so its effect in the
    database happens exactly once. It does no network I/O: it enqueues a job for that. `name` defaults to
    "desk.tell_requester" for `neike.desk.receivers.tell_requester`; give one before renaming a function,
    because waiting deliveries carry it.

    Raises:
        ValueError: another function has the name.
    """

    def subscribe(function: Function) -> Function:
        chosen = name or _default_name(function)
        known = _receivers.get(chosen)
        if known is not None and known.function is not function:
            raise ValueError(f"the receiver {chosen} is declared twice")
        _receivers[chosen] = Receiver(name=chosen, kind=kind, function=function)
        return function

    return subscribe


def _default_name(function: Callable[..., None]) -> str:
    module, _, _file = function.__module__.removeprefix("neike.").partition(".receivers")
    return f"{module}.{function.__name__}"


def receivers_of(event_name: str) -> list[Receiver]:
    """Return those who hear this event, sorted by name."""
    return [entry for entry in all_receivers() if entry.hears == event_name]


def all_receivers() -> list[Receiver]:
    """Return every receiver, sorted by name."""
    return [_receivers[name] for name in sorted(_receivers)]


def find(name: str) -> Receiver | None:
    """Return the receiver of this name, or None when the code no longer has it."""
    return _receivers.get(name)
