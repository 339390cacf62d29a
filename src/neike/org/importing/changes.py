"""What a row would change, as plain values: planned without writing, applied by actions."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from neike.kernel.texts import LocalizedText
from neike.org.importing.state import coded


class ChangeKind(TextChoices):
    """The kinds of change a report counts, in the order it shows them."""

    DEPARTMENT_CREATED = "department_created", _("departments created")
    DEPARTMENT_CHANGED = "department_changed", _("departments renamed or moved")
    POSITION_CREATED = "position_created", _("positions created")
    PERSON_CREATED = "person_created", _("people added")
    PERSON_CHANGED = "person_changed", _("people corrected")
    POSITION_CHANGED = "position_changed", _("posts changed or moved")
    POSITION_ENDED = "position_ended", _("posts ended")
    PERSON_PLACED = "person_placed", _("people placed or moved")
    PLACEMENT_ENDED = "placement_ended", _("people who gave up a post")
    LEAD_SET = "lead_set", _("department heads set")
    LEAD_ENDED = "lead_ended", _("department heads ended")
    LINE_SET = "line_set", _("reporting lines set")
    PERSON_LEFT = "person_left", _("people who left")


@dataclass(frozen=True, slots=True)
class CreateDepartment:
    """A department the file names for the first time."""

    code: str
    name: LocalizedText
    parent: str | None
    valid_from: date
    kind = ChangeKind.DEPARTMENT_CREATED

    def __str__(self) -> str:
        return coded(self.name, self.code)


@dataclass(frozen=True, slots=True)
class RenameDepartment:
    """A department with another name from a day on."""

    code: str
    before: LocalizedText
    name: LocalizedText
    valid_from: date
    kind = ChangeKind.DEPARTMENT_CHANGED

    def __str__(self) -> str:
        return f"{self.before} → {coded(self.name, self.code)}"


@dataclass(frozen=True, slots=True)
class MoveDepartment:
    """A department below another one from a day on."""

    code: str
    name: LocalizedText
    parent: str
    parent_name: LocalizedText
    valid_from: date
    kind = ChangeKind.DEPARTMENT_CHANGED

    def __str__(self) -> str:
        return f"{self.name} → {self.parent_name}"


@dataclass(frozen=True, slots=True)
class CreatePosition:
    """A position the file names for the first time."""

    code: str
    department: str
    title: LocalizedText
    place: LocalizedText
    kind = ChangeKind.POSITION_CREATED

    def __str__(self) -> str:
        return f"{self.title} · {self.place}"


@dataclass(frozen=True, slots=True)
class CreatePerson:
    """Somebody new."""

    employee_no: str
    name: str
    email: str
    kind = ChangeKind.PERSON_CREATED

    def __str__(self) -> str:
        return coded(self.name, self.employee_no)


@dataclass(frozen=True, slots=True)
class ChangePerson:
    """Another name or e-mail address; `returns` for somebody who had left."""

    employee_no: str
    before: str
    name: str
    email: str
    returns: bool = False
    kind = ChangeKind.PERSON_CHANGED

    def __str__(self) -> str:
        address = f" <{self.email}>" if self.email else ""
        return f"{self.before} → {coded(f'{self.name}{address}', self.employee_no)}"


@dataclass(frozen=True, slots=True)
class PlacePerson:
    """A placement from a day on; a primary one ends the one before. `label` names person, department and title."""

    employee_no: str
    position: str
    department: str
    valid_from: date
    label: str
    primary: bool = True
    kind = ChangeKind.PERSON_PLACED

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class SavePost:
    """A post as it is from a day on; `fresh` where the file names it for the first time."""

    code: str
    department: str
    title: LocalizedText
    reports_to: str | None
    places: Decimal
    valid_from: date
    fresh: bool

    @property
    def kind(self) -> ChangeKind:
        """What the report counts it as."""
        return ChangeKind.POSITION_CREATED if self.fresh else ChangeKind.POSITION_CHANGED

    def __str__(self) -> str:
        return coded(self.title, self.code)


@dataclass(frozen=True, slots=True)
class EndPost:
    """A post that the file no longer names."""

    code: str
    title: LocalizedText
    on: date
    kind = ChangeKind.POSITION_ENDED

    def __str__(self) -> str:
        return coded(self.title, self.code)


@dataclass(frozen=True, slots=True)
class EndPlacement:
    """Somebody no longer in a post."""

    employee_no: str
    position: str
    on: date
    label: str
    kind = ChangeKind.PLACEMENT_ENDED

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class SetLine:
    """Somebody reports to a manager from a day on."""

    employee_no: str
    manager_no: str
    valid_from: date
    label: str
    kind = ChangeKind.LINE_SET

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class EndLead:
    """The head of a department whose post is vacant or somebody else's."""

    department: str
    employee_no: str
    on: date
    label: str
    kind = ChangeKind.LEAD_ENDED

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class SetLead:
    """A manager placed in a department becomes its head."""

    department: str
    employee_no: str
    valid_from: date
    label: str
    kind = ChangeKind.LEAD_SET

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """Somebody taken over earlier whom the file no longer names."""

    employee_no: str
    name: str
    on: date
    kind = ChangeKind.PERSON_LEFT

    def __str__(self) -> str:
        return coded(self.name, self.employee_no)


Change = (
    CreateDepartment
    | RenameDepartment
    | MoveDepartment
    | CreatePosition
    | CreatePerson
    | ChangePerson
    | PlacePerson
    | SavePost
    | EndPost
    | EndPlacement
    | SetLine
    | EndLead
    | SetLead
    | PersonLeft
)
