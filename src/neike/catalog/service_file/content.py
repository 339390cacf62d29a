"""What a service file says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from neike.catalog.choices import HandOverMode, Priority, StepJoin, StepKind
from neike.kernel.texts import LocalizedText

FORMAT_NAME: Final = "neike.service"
NEWEST: Final = 2
"""The newest version of the format that is read here; 2 adds plans and table fields."""
# How priorities are called in a file; "any" stands for every priority without a target of its own.
PRIORITY_WORDS: Final[Mapping[str, str]] = {
    "any": "",
    "urgent": Priority.URGENT.value,
    "high": Priority.HIGH.value,
    "normal": Priority.NORMAL.value,
    "low": Priority.LOW.value,
}
# How languages are called in a file.
LANGUAGE_WORDS: Final[Mapping[str, str]] = {"zh": "zh-hans", "en": "en"}


@dataclass(frozen=True, slots=True)
class StepPart:
    """One step; the department is named by its code ("" for none), `minutes` is working time or None.

    `approvers` are rules {"by", "department" | "position" | "person"} that name departments and positions by
    their codes and people by their numbers.
    """

    department: str
    title: LocalizedText
    mode: str = HandOverMode.RELAY.value
    minutes: int | None = None
    key: str = ""
    kind: str = StepKind.LEG.value
    automatic: bool = False
    after: tuple[str, ...] = ()
    join: str = StepJoin.ALL.value
    show_if: Mapping[str, Any] = field(default_factory=dict)
    checklist: tuple[LocalizedText, ...] = ()
    approvers: tuple[Mapping[str, str], ...] = ()
    quorum: str = "all"

    @property
    def is_plain(self) -> bool:
        """Whether the first version of the format can say it."""
        return self == StepPart(self.department, self.title, self.mode, self.minutes)


@dataclass(frozen=True, slots=True)
class StandardPart:
    """The standard; `targets[metric][priority]` in working minutes, priority "" for all others."""

    targets: Mapping[str, Mapping[str, int]]
    promise: LocalizedText = field(default_factory=LocalizedText)
    usual_priority: str = Priority.NORMAL.value
    third_party_pauses: bool = False
    quality: tuple[LocalizedText, ...] = ()
    steps: tuple[StepPart, ...] = ()
    steps_join: str = StepJoin.ALL.value


@dataclass(frozen=True, slots=True)
class ServiceFile:
    """A service as a file holds it. `department` and `audience` name departments by their codes.

    `form` is the stored JSON of the fields. The calendar is not part of it: it belongs to the organisation
    the file is read into.
    """

    key: str
    department: str
    name: LocalizedText
    standard: StandardPart
    form: tuple[Mapping[str, Any], ...] = ()
    summary: LocalizedText = field(default_factory=LocalizedText)
    description: LocalizedText = field(default_factory=LocalizedText)
    keywords: tuple[str, ...] = ()
    icon: str = "tools"
    order: int = 100
    confidential: bool = False
    audience: tuple[str, ...] = ()

    @property
    def format_version(self) -> int:
        """Return the lowest version of the format that can say it, so that older installations read it."""
        plain = all(step.is_plain for step in self.standard.steps)
        plain = plain and self.standard.steps_join == StepJoin.ALL
        simple = all(
            each["type"] != "table" and "'over'" not in repr(each.get("show_if"))
            for each in self.form
        )
        return 1 if plain and simple else NEWEST
