"""Kind and scopes as tokens of the index: "~desk.ticket #person:12 #desk.serves:3".

Their signs never occur in the tokens of a text, so that nobody finds an entry by typing a scope.
"""

import re
from collections.abc import Iterable
from typing import Final

from neike.kernel.search.documents import Scope

_PLAIN: Final = re.compile(r"[a-z0-9.:_-]+")


def of_kind(kind: str) -> str:
    """Return the token of a kind.

    Raises:
        ValueError: it holds more than lower-case letters, digits and ". _ -".
    """
    return _checked("~", kind)


def of_scope(scope: Scope) -> str:
    """Return the token of a scope; raises like `of_kind`."""
    return _checked("#", ":".join(scope))


def of_entry(kind: str, scopes: Iterable[Scope]) -> str:
    """Return what an entry keeps."""
    return " ".join([of_kind(kind), *sorted(map(of_scope, scopes))])


def _checked(sign: str, name: str) -> str:
    if not _PLAIN.fullmatch(name):
        raise ValueError(f"not a plain name: {name!r}")
    return sign + name
