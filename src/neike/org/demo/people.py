"""The demo company's people: who they are, where they sit, who came, moved and left."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.contrib.auth.hashers import make_password

from neike.kernel.demo import PASSWORD, Company
from neike.kernel.texts import LocalizedText
from neike.org.actions.terms import make_positions
from neike.org.demo import accounts, names
from neike.org.demo.departments import FOUNDED, WANTED, Wanted
from neike.org.demo.posts import POSTS
from neike.org.latin import latin_name
from neike.org.models import Department, Person, Placement, Position

_FAR_END: Final = date.max
_LEAVE = 0.035
_CAME = 0.10
_MOVERS: Final = 14


@dataclass(slots=True)
class Stay:
    """A primary placement, half-open in dates; `department` is a key."""

    department: str
    post: int
    since: date
    until: date = _FAR_END


@dataclass(slots=True)
class Member:
    """A person of the demo company and where they were placed when."""

    person: Person
    stays: list[Stay]
    english: bool = False
    known: bool = False
    extra: list[Stay] = field(default_factory=list)

    @property
    def pk(self) -> int:
        """The person's id."""
        return self.person.pk

    @property
    def serial(self) -> int:
        """The number in the employee number: the same in every load, unlike the id."""
        return int(self.person.employee_no[2:])

    def department_on(self, day: date) -> str | None:
        """Return the key of the department they belong to on a day."""
        return next((s.department for s in self.stays if s.since <= day < s.until), None)


class Staff:
    """Everybody, by employee number, and by department on a day."""

    def __init__(self, members: list[Member]) -> None:
        self.members = members
        self.by_number = {member.person.employee_no: member for member in members}
        self._serials: dict[int, int] = {}
        self._on: dict[tuple[str, date], list[Member]] = {}

    def __len__(self) -> int:
        return len(self.members)

    def __getitem__(self, employee_no: str) -> Member:
        return self.by_number[employee_no]

    def serial_of(self, pk: int) -> int:
        """Return the serial number of the person with an id."""
        if not self._serials:
            self._serials = {member.pk: member.serial for member in self.members}
        return self._serials[pk]

    def of(self, department: str, day: date) -> list[Member]:
        """Return who belongs to a department on a day, in a fixed order."""
        found = self._on.get((department, day))
        if found is None:
            found = [each for each in self.members if each.department_on(day) == department]
            self._on[department, day] = found
        return found


def load(company: Company) -> None:
    """Write positions, people and placements in bulk."""
    rng = company.rng("org.people")
    members = list(_drawn(company, rng))
    _let_some_move(company, rng, members)
    hashed = make_password(PASSWORD)  # scrypt is slow on purpose: once for all
    for member in members:
        member.person.password = hashed
    Person.objects.bulk_create(member.person for member in members)
    positions = _positions(company.shared["departments"])
    Placement.objects.bulk_create(
        Placement(
            person=member.person,
            position=positions[stay.department, stay.post],
            department=company.shared["departments"][stay.department],
            is_primary=stay in member.stays,
            valid_from=stay.since,
            valid_to=None if stay.until == _FAR_END else stay.until,
        )
        for member in members
        for stay in (*member.stays, *member.extra)
    )
    company.shared["staff"] = Staff(members)


def _drawn(company: Company, rng: random.Random) -> Iterator[Member]:
    taken = {known.name for known in accounts.KNOWN}
    addresses: set[str] = set()
    number = 200
    for wanted in WANTED:
        known = [each for each in accounts.KNOWN if each.department == wanted.key]
        held = {each.post for each in known}
        for each in known:
            stay = Stay(wanted.key, each.post, date(2019, 4, 1))
            person = _person(each.employee_no, each.name, stay.since, addresses)
            yield _member(person, stay, english=each.english, known=True)
        for place in range(wanted.size - len(known)):
            post = place if place < 2 else _post(rng, wanted.key)  # noqa: PLR2004 - lead and deputy
            if post in held and post < 2:  # noqa: PLR2004
                post = _post(rng, wanted.key)
            abroad = wanted.key == "intl" and place + 1 < len(names.ABROAD)
            name = names.ABROAD[place + 1] if abroad else names.chinese_name(rng, taken)
            since, until = _dates(company, rng, stays=post < 2)  # noqa: PLR2004
            stay = Stay(wanted.key, post, since, until)
            number += 1
            person = _person(f"YL{number:04d}", name, since, addresses)
            if until != _FAR_END:
                person.left_on = until
            yield _member(person, stay, english=abroad)


def _member(person: Person, stay: Stay, *, english: bool = False, known: bool = False) -> Member:
    if english:
        person.language, person.zone = "en", "Europe/Berlin"
    return Member(person, [stay], english=english, known=known)


def _person(number: str, name: str, since: date, addresses: set[str]) -> Person:
    latin = latin_name(name)
    family, _blank, given = latin.full.partition(" ")
    if name.isascii() or " " in name:
        family, given = given, family
    base = f"{given}.{family}".replace("'", "").replace(" ", "").strip(".")
    address, count = base, 1
    while address in addresses:
        count += 1
        address = f"{base}{count}"
    addresses.add(address)
    return Person(
        employee_no=number,
        name=name,
        name_latin=latin.full,
        name_initials=latin.initials,
        email=f"{address}@yunling.example",
        phone=f"8{int(number[2:]) % 1000:03d}",
        created_at=datetime(since.year, since.month, since.day, 1, tzinfo=UTC),
    )


def _post(rng: random.Random, key: str) -> int:
    return rng.randrange(2, len(POSTS[key]))


def _dates(company: Company, rng: random.Random, *, stays: bool) -> tuple[date, date]:
    """Draw when somebody came and left: most long ago, some in the course of the history, a few left."""
    begins, span = company.begins, (company.today - company.begins).days
    old = FOUNDED + timedelta(days=rng.randrange((begins - FOUNDED).days - 30))
    draw = rng.random()
    if stays or draw >= _CAME + _LEAVE:
        return old, _FAR_END
    if draw < _CAME:
        return begins + timedelta(days=rng.randrange(span - 20)), _FAR_END
    return old, begins + timedelta(days=rng.randrange(40, span - 5))


def _let_some_move(company: Company, rng: random.Random, members: list[Member]) -> None:
    """Let some change the department within the history, and some hold a second post beside their own."""
    free = [
        each
        for each in members
        if not each.known
        and not each.english
        and each.stays[0].post > 1
        and each.stays[0].since < company.begins
        and each.stays[0].until == _FAR_END
    ]
    chosen = rng.sample(free, _MOVERS + 10)
    span = (company.today - company.begins).days
    others = [each.key for each in WANTED if each.key not in {"intl", "legal", "office"}]
    for member in chosen[:_MOVERS]:
        stay = member.stays[0]
        day = company.begins + timedelta(days=rng.randrange(30, span - 10))
        to = rng.choice([key for key in others if key != stay.department])
        stay.until = day
        member.stays.append(Stay(to, _post(rng, to), day))
    for member in chosen[_MOVERS:]:
        to = rng.choice([key for key in others if key != member.stays[0].department])
        day = company.begins + timedelta(days=rng.randrange(span - 10))
        member.extra.append(Stay(to, _post(rng, to), day))


def _positions(departments: dict[str, Department]) -> dict[tuple[str, int], Position]:
    made = {
        (wanted.key, number): Position(
            code=_code(wanted, number),
            department=departments[wanted.key],
            title=LocalizedText.of(zh=zh, en=en),
        )
        for wanted in WANTED
        for number, (zh, en) in enumerate(POSTS[wanted.key])
    }
    rows = make_positions([(each, FOUNDED) for each in made.values()])
    return dict(zip(made, rows, strict=True))


def _code(wanted: Wanted, number: int) -> str:
    return f"{wanted.code}-{number:02d}"
