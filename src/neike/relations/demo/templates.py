"""Which department of the demo company says that it serves which, and how closely.

Two things are left for the product to find: research serves quality (drawings, samples, explanations) and nobody has
said so; marketing says that it serves research, and no work has passed between them for half a year.
"""

from typing import Final, NamedTuple

from neike.relations.choices import Closeness, RelationKind

Pair = tuple[str, str]
"""A provider and a customer, by the demo's keys of departments."""


class Served(NamedTuple):
    """A provider and one of its customers, by the demo's keys of departments."""

    provider: str
    customer: str
    kind: RelationKind = RelationKind.SUPPORT
    closeness: Closeness = Closeness.REGULAR


_STEP: Final = RelationKind.NEXT_STEP
_LATERAL: Final = RelationKind.LATERAL
_CLOSE: Final = Closeness.CLOSE
_LOOSE: Final = Closeness.LOOSE

_SUPPORTED: Final = {
    "it": ("rd", "hr", "east", "admin", "care", "south", "marketing", "finance", "intl", "procurement", "quality", "office", "legal"),
    "finance": ("procurement", "east", "rd", "south", "marketing", "admin", "care", "hr", "it", "intl"),
    "admin": ("hr", "rd", "east", "south", "care", "marketing", "it", "intl", "procurement", "finance", "quality"),
    "hr": ("rd", "care", "east", "south", "finance", "marketing", "it", "admin", "intl", "office"),
    "procurement": ("rd", "finance", "it", "care", "quality", "admin"),
    "legal": ("finance", "admin", "procurement", "east", "south"),
}  # fmt: skip
_EVERY_DAY: Final = frozenset(
    {("finance", "procurement"), ("it", "rd"), ("admin", "hr"), ("procurement", "rd")}
)
_NOW_AND_THEN: Final = frozenset({("hr", "office"), ("it", "legal"), ("procurement", "admin")})

PAPER: Final = Served("marketing", "rd", _STEP, _LOOSE)
"""Confirmed by both, and no work passes: the product finds it."""
HIDDEN: Final = ("rd", "quality")
"""Nobody has stated it, and work passes every week: the product finds it."""

TEMPLATES: Final = (
    *(
        Served(
            provider,
            customer,
            RelationKind.SUPPORT,
            _CLOSE
            if (provider, customer) in _EVERY_DAY
            else _LOOSE
            if (provider, customer) in _NOW_AND_THEN
            else Closeness.REGULAR,
        )
        for provider, customers in _SUPPORTED.items()
        for customer in customers
    ),
    Served("quality", "care", _STEP, _CLOSE),
    Served("rd", "east", _STEP),
    Served("rd", "south", _STEP),
    Served("rd", "intl", _STEP, _LOOSE),
    Served("marketing", "east", _LATERAL),
    Served("marketing", "south", _LATERAL),
    Served("marketing", "intl", _LATERAL, _LOOSE),
    PAPER,
)
"""Every relation that somebody has stated."""

ONE_SIDED: Final = frozenset({("legal", "south"), ("rd", "intl"), ("it", "legal")})
"""Stated by the provider; the customer has not answered yet."""
CONTESTED: Final = {
    ("procurement", "admin"): (
        "办公用品由我们自己采购，采购部只负责设备。",
        "We buy office supplies ourselves; procurement only buys equipment.",
    ),
}
"""The customer says that it is not so, and why: in Chinese and in English."""
