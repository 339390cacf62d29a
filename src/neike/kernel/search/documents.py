"""What other modules hand to the index, and how they say who a person is to it."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from neike.kernel.memory import Memo
from neike.kernel.registries import Registry

Scope = tuple[str, str]
EVERYONE: Scope = ("everyone", "")


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """A findable object: `kind` ("desk.ticket") and `object_id` name it, `scopes` say who finds it.

    A person finds it who has at least one of its scopes; without scopes nobody does. Give `title` and
    `excerpt` only what everybody in those scopes may read.
    """

    kind: str
    object_id: str
    url: str
    title: str
    scopes: frozenset[Scope]
    changed_at: datetime
    body: str = ""
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class ScopeProvider:
    """A module's answer to "which scopes has this person today": `scopes(person, now)`."""

    key: str
    scopes: Callable[[Any, datetime], Iterable[Scope]]
    order: int = 0


@dataclass(frozen=True, slots=True)
class SearchSource:
    """All documents of a module, for building the index anew."""

    key: str
    documents: Callable[[], Iterable[SearchDocument]]
    order: int = 0


SCOPE_PROVIDERS: Registry[ScopeProvider] = Registry("scope providers")
SEARCH_SOURCES: Registry[SearchSource] = Registry("search sources")


_memo: Memo[int, set[Scope]] = Memo("search scopes")


def scopes_remembered() -> AbstractContextManager[None]:
    """Ask for the scopes of a person once inside the block: for several searches that make one answer."""
    return _memo.kept()


def scopes_of(person: Any, now: datetime) -> set[Scope]:  # noqa: ANN401 - the kernel knows no person class
    """Return the scopes a person has now: everyone's, their own, and what the modules say. Asked at every search."""
    return _memo.get(person.pk, lambda: _asked(person, now))


def _asked(person: Any, now: datetime) -> set[Scope]:  # noqa: ANN401 - the kernel knows no person class
    found = {EVERYONE, ("person", str(person.pk))}
    for provider in SCOPE_PROVIDERS:
        found.update(provider.scopes(person, now))
    return found
