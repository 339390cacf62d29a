"""The organisation as the planner sees it: what is stored, plus what the rows before would have changed."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models.functions import Lower

from neike.kernel.texts import LocalizedText
from neike.org.importing.errors import RowRefusedError
from neike.org.importing.matching import plain
from neike.org.importing.wording import _
from neike.org.models import Department, Person, Placement, Position
from neike.org.standing import OrgChart, chart

_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class KnownDepartment:
    """A department by its code; `since` is the first day it can hold people."""

    code: str
    name: LocalizedText
    parent: str | None
    since: date
    active: bool = True


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A stored person with the open primary placement, "" and None where there is none."""

    employee_no: str
    name: str
    email: str
    left_on: date | None
    department: str = ""
    title: LocalizedText = field(default_factory=LocalizedText)
    position: str = ""
    since: date | None = None
    others: frozenset[str] = frozenset()
    """Codes of the positions held besides."""


def text_of(words: str) -> LocalizedText:
    """Return a text in the language it is written in."""
    return LocalizedText.of(zh=words) if _HAN.search(words) else LocalizedText.of(en=words)


def says(text: LocalizedText, words: str) -> bool:
    """Whether a text reads so in any of its languages."""
    return plain(words) in {plain(each) for each in text.texts.values()}


MADE = "i-"
"""How a code begins that was made and not told."""


def coded(words: object, code: str) -> str:
    """Return a name with its code, or without one that was made and tells nobody anything."""
    return str(words) if code.startswith(MADE) else f"{words} ({code})"


def made_code(*parts: str) -> str:
    """Return a code for something the file names but gives none; the same parts give the same code."""
    compared = "\x1f".join(plain(part) for part in parts)
    return MADE + hashlib.sha256(compared.encode()).hexdigest()[:14]


class State:
    """Departments and positions by code, and the people of the batch at hand by employee number (casefolded)."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.chart: OrgChart = chart(on=today)
        codes = {each.id: each.code for each in self.chart}
        self.departments = {
            each.code: KnownDepartment(
                each.code, each.name, codes.get(each.parent_id or 0), date.min, each.is_active
            )
            for each in self.chart
        }
        self.ids = {code: pk for pk, code in codes.items()}
        self._load_since(codes)
        self.positions: dict[str, dict[str, LocalizedText]] = {}
        for row in Position.objects.values("code", "department_id", "title"):
            owner = codes.get(row["department_id"], "")
            self.positions.setdefault(owner, {})[row["code"]] = row["title"]
        self.people: dict[str, KnownPerson] = {}
        self.emails: dict[str, str] = {}

    def _load_since(self, codes: dict[int, str]) -> None:
        rows = Department.objects.values_list("pk", "versions__valid_from")
        for pk, day in rows.order_by("-versions__valid_from"):
            if pk in codes:
                self.departments[codes[pk]] = replace(self.departments[codes[pk]], since=day)

    def load_people(self, keys: Iterable[str], emails: Iterable[str]) -> None:
        """Read the people of a batch by employee number, and whom its e-mail addresses belong to."""
        rows = Person.objects.annotate(key=Lower("employee_no")).filter(key__in=set(keys))
        self.people = {
            plain(row.employee_no): KnownPerson(
                row.employee_no, row.name, row.email or "", row.left_on
            )
            for row in rows
        }
        held = Placement.objects.filter(
            person__in=[row.pk for row in rows], valid_to__isnull=True
        ).select_related("position", "department", "person")
        for each in held:
            self._hold(each)
        owners = Person.objects.annotate(address=Lower("email")).filter(
            address__in={address for address in emails if address}
        )
        self.emails |= {(row.email or "").lower(): plain(row.employee_no) for row in owners}

    def _hold(self, each: Placement) -> None:
        key = plain(each.person.employee_no)
        known = self.people[key]
        if not each.is_primary:
            self.people[key] = replace(known, others=known.others | {each.position.code})
            return
        self.people[key] = replace(
            known,
            department=each.department.code,
            title=each.position.title,
            position=each.position.code,
            since=each.valid_from,
        )

    def children(self, parent: str | None) -> list[KnownDepartment]:
        """Return the open departments directly below one, or at the top."""
        return [each for each in self.departments.values() if each.parent == parent and each.active]

    def by_name(self, name: str) -> list[KnownDepartment]:
        """Return the open departments of that name, anywhere."""
        return [each for each in self.departments.values() if each.active and says(each.name, name)]

    def stands_below(self, code: str | None, above: str) -> bool:
        """Whether a department is another one or stands below it."""
        seen: set[str] = set()
        while code is not None and code not in seen:
            if code == above:
                return True
            seen.add(code)
            known = self.departments.get(code)
            code = known.parent if known else None
        return False

    def find(self, path: tuple[str, ...], field: str) -> KnownDepartment | None:
        """Return the department a path of names leads to, from the top or from a name that exists once.

        Raises:
            RowRefusedError: the first name exists several times.
        """
        firsts = [each for each in self.children(None) if says(each.name, path[0])]
        firsts = firsts or self.by_name(path[0])
        if len(firsts) > 1:
            raise RowRefusedError(
                field,
                _("There are %(count)s departments called “%(name)s”. Give the code or the path.")
                % {"count": len(firsts), "name": path[0]},
                path[0],
            )
        found = firsts[0] if firsts else None
        for name in path[1:]:
            if found is None:
                return None
            below = [each for each in self.children(found.code) if says(each.name, name)]
            found = below[0] if below else None
        return found
