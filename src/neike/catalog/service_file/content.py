"""What a service file says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from neike.catalog.choices import HandOverMode, Priority
from neike.kernel.texts import LocalizedText

FORMAT: Final = "neike.service/1"
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
    """One step; the department is named by its code, `minutes` is working time or None."""

    department: str
    title: LocalizedText
    mode: str = HandOverMode.RELAY.value
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class StandardPart:
    """The standard; `targets[metric][priority]` in working minutes, priority "" for all others."""

    targets: Mapping[str, Mapping[str, int]]
    promise: LocalizedText = field(default_factory=LocalizedText)
    usual_priority: str = Priority.NORMAL.value
    third_party_pauses: bool = False
    quality: tuple[LocalizedText, ...] = ()
    steps: tuple[StepPart, ...] = ()


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
