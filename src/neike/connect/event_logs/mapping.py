"""The map of a log: which column means what, and what its values are called with us. Format `neike.log-map/1`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml
from django.utils.translation import gettext as _

from neike.catalog import service_file
from neike.catalog.service_file import ServiceFile
from neike.connect.event_logs.vocabulary import PRIORITIES, Turn
from neike.engines.worktime import WorktimeError
from neike.engines.worktime.spec import load_zone
from neike.kernel.texts import LocalizedText

FORMAT: Final = "neike.log-map/1"
MOST_BYTES: Final = 256 * 1024
ANY: Final = "*"
REQUIRED_COLUMNS: Final = ("case", "time", "state")
COLUMNS: Final = (
    *REQUIRED_COLUMNS,
    "group",
    "person",
    "priority",
    "category",
    "requester",
    "customer",
    "opened",
    "resolved",
    "met",
    "title",
)
_KEYS: Final = frozenset(
    [
        "format",
        "source",
        "name",
        "zone",
        "time_formats",
        "missing",
        "columns",
        "states",
        "states_otherwise",
        "responded",
        "true_words",
        "priorities",
        "priority_otherwise",
        "departments",
        "calendar",
        "services",
    ]
)
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class _Loader(yaml.SafeLoader):
    """Plain data; only true and false are truth values, so that a column may be called no."""


_BOOL: Final = "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOL]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))


class LogMapError(ValueError):
    """A map that cannot be used: which file, where in it, and what to do."""

    def __init__(self, file: str, where: str, message: str) -> None:
        super().__init__(f"{file}: {where}: {message}" if where else f"{file}: {message}")
        self.where = where


@dataclass(frozen=True, slots=True)
class MappedDepartment:
    """A department the map makes; `code` is unique in the organisation."""

    code: str
    name: LocalizedText


@dataclass(frozen=True, slots=True)
class MappedService:
    """A service the map makes, for the categories named (`*`: every other one)."""

    categories: tuple[str, ...]
    service: ServiceFile


@dataclass(frozen=True, slots=True)
class LogMap:
    """A whole map.

    `columns[meaning]` names the columns that may hold it: the first one the log has; an empty name at the end
    says that a log may have none of them. `states[word]` is a `Turn`; a word that is missing there is
    `states_otherwise`, or makes the row a bad one when that is None. `responded` holds the states that count
    as the first answer, because logs hold no messages. `week` is minutes of the day per weekday.
    """

    source: str
    name: LocalizedText
    zone: ZoneInfo
    time_formats: tuple[str, ...]
    missing: frozenset[str]
    columns: Mapping[str, tuple[str, ...]]
    states: Mapping[str, Turn]
    states_otherwise: Turn | None
    responded: frozenset[str]
    true_words: frozenset[str]
    priorities: Mapping[str, str]
    priority_otherwise: str
    root: MappedDepartment
    customers: MappedDepartment
    unassigned: MappedDepartment
    code_prefix: str
    calendar_name: LocalizedText
    week: tuple[tuple[tuple[int, int], ...], ...]
    services: tuple[MappedService, ...]


def read_map(path: Path) -> LogMap:
    """Read a map file.

    Raises:
        LogMapError: it is no map, or says something that cannot be used.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise LogMapError(str(path), "", str(error.strerror)) from error
    if len(text) > MOST_BYTES:
        raise LogMapError(path.name, "", _("the file is too large for a map"))
    try:
        found = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader of our own
    except yaml.YAMLError as error:
        raise LogMapError(path.name, "", str(error)) from error
    return _Reader(path.name).map(found)


class _Reader:
    """Turns parsed YAML into a `LogMap`, refusing what it does not know."""

    def __init__(self, file: str) -> None:
        self.file = file

    def map(self, found: Any) -> LogMap:  # noqa: ANN401 - parsed YAML
        whole = self.mapping(found, "")
        if whole.get("format") != FORMAT:
            self.refuse("format", _("must be %(format)s") % {"format": FORMAT})
        self.known(whole, _KEYS, "")
        departments = self.mapping(whole.get("departments"), "departments")
        calendar = self.mapping(whole.get("calendar"), "calendar")
        return LogMap(
            source=self.word(whole, "source", ""),
            name=self.text(whole.get("name"), "name"),
            zone=self.zone(whole),
            time_formats=self.words(whole.get("time_formats", ["iso"]), "time_formats"),
            missing=frozenset(self.words(whole.get("missing", [""]), "missing")) | {""},
            columns=self.columns(whole),
            states=self.states(whole),
            states_otherwise=self.turn(whole["states_otherwise"], "states_otherwise")
            if "states_otherwise" in whole
            else None,
            responded=frozenset(self.words(whole.get("responded", []), "responded")),
            true_words=frozenset(self.words(whole.get("true_words", ["true"]), "true_words")),
            priorities=self.priorities(whole),
            priority_otherwise=self.priority(
                whole.get("priority_otherwise", "normal"), "priority_otherwise"
            ),
            root=self.department(departments, "root"),
            customers=self.department(departments, "customers"),
            unassigned=self.department(departments, "unassigned"),
            code_prefix=self.word(departments, "code_prefix", "departments"),
            calendar_name=self.text(calendar.get("name"), "calendar.name"),
            week=self.week(calendar),
            services=self.services(whole, departments),
        )

    def refuse(self, where: str, message: str) -> None:
        raise LogMapError(self.file, where, message)

    def known(self, found: Mapping[str, Any], keys: frozenset[str], where: str) -> None:
        unknown = sorted(str(key) for key in found if key not in keys)
        if unknown:
            self.refuse(where, _("nobody knows %(words)s here") % {"words": ", ".join(unknown)})

    def mapping(self, found: Any, where: str) -> Mapping[str, Any]:  # noqa: ANN401
        if not isinstance(found, dict):
            raise LogMapError(self.file, where, _("must be a table of names and values"))
        return found

    def word(self, found: Mapping[str, Any], key: str, where: str) -> str:
        value = found.get(key)
        place = f"{where}.{key}" if where else key
        if not isinstance(value, str) or not value.strip():
            raise LogMapError(self.file, place, _("must be a word"))
        return value.strip()

    def words(self, found: Any, where: str) -> tuple[str, ...]:  # noqa: ANN401
        if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
            raise LogMapError(self.file, where, _("must be a list of words in quotes"))
        return tuple(found)

    def text(self, found: Any, where: str) -> LocalizedText:  # noqa: ANN401
        table = self.mapping(found, where)
        zh, en = table.get("zh"), table.get("en")
        if not isinstance(zh, str) or not isinstance(en, str):
            raise LogMapError(self.file, where, _("needs a text in zh and one in en"))
        return LocalizedText.of(zh=zh, en=en)

    def zone(self, whole: Mapping[str, Any]) -> ZoneInfo:
        try:
            return load_zone(self.word(whole, "zone", ""))
        except WorktimeError as error:
            raise LogMapError(self.file, "zone", str(error)) from error

    def columns(self, whole: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
        found = self.mapping(whole.get("columns"), "columns")
        self.known(found, frozenset(COLUMNS), "columns")
        lacking = [name for name in REQUIRED_COLUMNS if name not in found]
        if lacking:
            self.refuse("columns", _("lacks %(words)s") % {"words": ", ".join(lacking)})
        return {
            name: self.words(given, f"columns.{name}")
            if isinstance(given, list)
            else (self.word(found, name, "columns"),)
            for name, given in found.items()
        }

    def turn(self, word: Any, where: str) -> Turn:  # noqa: ANN401
        try:
            return Turn(word)
        except ValueError as error:
            raise LogMapError(
                self.file,
                where,
                _("%(word)s is none of %(words)s") % {"word": word, "words": ", ".join(Turn)},
            ) from error

    def states(self, whole: Mapping[str, Any]) -> Mapping[str, Turn]:
        found = self.mapping(whole.get("states"), "states")
        return {str(word): self.turn(ours, f"states.{word}") for word, ours in found.items()}

    def priority(self, word: Any, where: str) -> str:  # noqa: ANN401
        if word not in PRIORITIES:
            raise LogMapError(
                self.file,
                where,
                _("%(word)s is none of %(words)s") % {"word": word, "words": ", ".join(PRIORITIES)},
            )
        return PRIORITIES[word].value

    def priorities(self, whole: Mapping[str, Any]) -> Mapping[str, str]:
        found = self.mapping(whole.get("priorities", {}), "priorities")
        return {
            str(word): self.priority(ours, f"priorities.{word}") for word, ours in found.items()
        }

    def department(self, departments: Mapping[str, Any], key: str) -> MappedDepartment:
        where = f"departments.{key}"
        found = self.mapping(departments.get(key), where)
        return MappedDepartment(self.word(found, "code", where), self.text(found, where))

    def week(self, calendar: Mapping[str, Any]) -> tuple[tuple[tuple[int, int], ...], ...]:
        found = self.mapping(calendar.get("week"), "calendar.week")
        self.known(found, frozenset(_WEEKDAYS), "calendar.week")
        return tuple(self.day(found.get(name, []), f"calendar.week.{name}") for name in _WEEKDAYS)

    def day(self, found: Any, where: str) -> tuple[tuple[int, int], ...]:  # noqa: ANN401
        try:
            return tuple((_minutes(opens), _minutes(closes)) for opens, closes in found)
        except (TypeError, ValueError) as error:
            raise LogMapError(
                self.file, where, _('must be a list of ["09:00", "17:30"]')
            ) from error

    def services(
        self, whole: Mapping[str, Any], departments: Mapping[str, Any]
    ) -> tuple[MappedService, ...]:
        found = whole.get("services")
        if not isinstance(found, list) or not found:
            raise LogMapError(self.file, "services", _("must be a list of services"))
        root = self.department(departments, "root").code
        made = tuple(
            self.service(each, f"services[{index}]", root) for index, each in enumerate(found)
        )
        if not any(ANY in one.categories for one in made):
            self.refuse("services", _('one service must hold for the categories ["*"]'))
        return made

    def service(self, found: Any, where: str, root: str) -> MappedService:  # noqa: ANN401
        table = self.mapping(found, where)
        part = dict(self.mapping(table.get("service"), f"{where}.service"))
        part.setdefault("format", "neike.service/1")
        part.setdefault("department", root)
        try:
            read = service_file.read(
                yaml.safe_dump(part, allow_unicode=True), file=f"{self.file}: {where}.service"
            )
        except service_file.ServiceFileError as error:
            raise LogMapError(self.file, f"{where}.service.{error.where}", error.message) from error
        return MappedService(self.words(table.get("categories", [ANY]), where), read)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
