"""Who may do what: the product's permission matrix as data, for pages, documentation and tests.

Each cell says how far a role reaches on an object. The rules themselves are the policy functions of the modules;
this table is what they are held against (`tests/org/test_roles.py`).
"""

from dataclasses import dataclass
from typing import Final

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from neike.org.choices import Role

ROLES: Final = tuple(Role)
NOTHING: Final = "-"

REACHES: Final[dict[str, Promise]] = {
    "all": pgettext_lazy("reach", "everything"),
    "own": pgettext_lazy("reach", "own"),
    "copied": pgettext_lazy("reach", "in copy"),
    "behalf": pgettext_lazy("reach", "on behalf of others"),
    "dept": pgettext_lazy("reach", "own departments"),
    "open": pgettext_lazy("reach", "not confidential ones"),
    "svc": pgettext_lazy("reach", "own services and queues"),
    "both": pgettext_lazy("reach", "with rights on both sides"),
    "named": pgettext_lazy("reach", "when named"),
    "sides": pgettext_lazy("reach", "the two sides"),
    "agg": pgettext_lazy("reach", "summed up, from five people on"),
    "meta": pgettext_lazy("reach", "envelope without content"),
    "cfg": pgettext_lazy("reach", "settings only"),
    "sample": pgettext_lazy("reach", "random sample"),
    "propose": pgettext_lazy("reach", "propose"),
    "agents": pgettext_lazy("reach", "agents of own services"),
    "reason": pgettext_lazy("reach", "with a reason"),
    "glass": pgettext_lazy("reach", "emergency access, reported to the auditor"),
    "second": pgettext_lazy("reach", "with a second person"),
    "read": pgettext_lazy("reach", "read"),
    "do": pgettext_lazy("reach", "yes"),
    "ops": pgettext_lazy("reach", "operations"),
    "people": pgettext_lazy("reach", "about people"),
    "meant": pgettext_lazy("reach", "what is meant for them"),
    "token": pgettext_lazy("reach", "within the token's scope and its owner's rights"),
}


@dataclass(frozen=True, slots=True)
class Right:
    """One thing one can do. `cells` holds for each role the codes of its reach, () for none; `module` ships it."""

    key: str
    module: str
    label: Promise
    cells: dict[Role, tuple[str, ...]]

    def reach(self, role: Role) -> list[Promise]:
        """Return in words how far a role reaches."""
        return [REACHES[code] for code in self.cells[role]]


def _right(key: str, module: str, label: Promise, row: str) -> Right:
    """Read a row: one cell per role in the order of `ROLES`, codes joined by "+".

    Raises:
        ValueError: a cell is missing, or a code is unknown.
    """
    cells = [() if cell == NOTHING else tuple(cell.split("+")) for cell in row.split()]
    unknown = {code for cell in cells for code in cell} - set(REACHES)
    if unknown or len(cells) != len(ROLES):
        raise ValueError(f"{key}: {len(cells)} cells, unknown codes {sorted(unknown)}")
    return Right(key, module, label, dict(zip(ROLES, cells, strict=True)))


# Columns: E, AG, TL, SO, QO, HR, SA, AU, TK.
_MATRIX: Final = (
    _right("directory.read", "org", _("Look up departments and people"), "all all all all all all all all token"),
    _right("profile.edit", "org", _("Own profile, absence, substitutes"), "own own own own own own own own -"),
    _right("people.edit", "org", _("Make, change and switch off accounts"), "- - - - - - do - -"),
    _right("people.erase", "org", _("Erase a person"), "- - - - - second second - -"),
    _right("organisation.edit", "org", _("Departments, positions, calendars, imports"), "- - - - - - do - -"),
    _right("roles.edit", "org", _("Give and end roles"), "- - propose agents - - do+second read -"),
    _right("catalog.read", "catalog", _("Read catalogue and standards"), "all all all all all all all all token"),
    _right("catalog.edit", "catalog", _("Change services, forms, standards"), "- - propose svc - - cfg - -"),
    _right("relation.read", "relations", _("See which departments serve one another"), "all all all all all all all all token"),
    _right("relation.personal", "relations", _("See a relation between two persons"), "sides sides sides sides sides sides sides sides -"),
    _right("relation.edit", "relations", _("Propose, confirm, contest and end a relation"), "own own dept own propose own own own -"),
    _right("need.read", "relations", _("Read needs, reviews and agreements of a relation"), "sides sides sides sides sides sides sides sides -"),
    _right("need.state", "relations", _("State and review a need"), "own own dept own own own own own -"),
    _right("agreement.sign", "relations", _("Sign a service agreement"), "- - dept - - - - - -"),
    _right("relation.note", "relations", _("Read a private note"), "own own own own own own own own -"),
    _right("request.create", "desk", _("Raise a request"), "own own+behalf own+behalf own own own own - token"),
    _right("request.read", "desk", _("Read a request"), "own+copied svc dept+open svc sample+second - glass meta token"),
    _right("request.confidential", "desk", _("Read a confidential request"), "own named - named - named glass+second meta -"),
    _right("request.note", "desk", _("Internal notes"), "- svc - svc - - glass - -"),
    _right("request.comment", "desk", _("Comment and attach"), "own+copied svc dept+copied svc - - - - token"),
    _right("request.hand_over", "desk", _("Assign, hand over, merge, link"), "- svc+both - svc - - - - token"),
    _right("request.clock", "desk", _("Pause or correct a clock"), "- svc+reason - svc - - - - -"),
    _right("request.close", "desk", _("Resolve, confirm, reopen"), "own svc - svc - - - - token"),
    _right("search", "portal", _("Search and counters"), "own+copied svc dept+open svc sample+second - - - token"),
    _right("article.read", "desk", _("Read published knowledge articles"), "meant meant meant meant meant meant meant meant token"),
    _right("article.write", "desk", _("Write knowledge articles and read their drafts and votes"), "- dept dept svc - - - - token"),
    _right("rating.give", "surveys", _("Rate a request or a hand-over"), "own own own own own own own - -"),
    _right("rating.read", "surveys", _("Read a single rating"), "sides sides agg sides agg agg - - -"),
    _right("department.report", "insights", _("Department page"), "all all all all all all all all token"),
    _right("settings.edit", "org", _("Settings of the installation"), "- - - - - - do read -"),
    _right("secrets.read", "org", _("Read stored secrets back"), "- - - - - - - - -"),
    _right("audit.read", "org", _("Read the audit record"), "own - - - - people ops all -"),
    _right("audit.delete", "org", _("Change or delete the audit record"), "- - - - - - - - -"),
    _right("backup", "org", _("Backup and restore"), "- - - - - - do+second read -"),
)  # fmt: skip


def rights() -> list[Right]:
    """Return the rows whose module is part of this installation."""
    return [right for right in _MATRIX if apps.is_installed(f"neike.{right.module}")]


def right(key: str) -> Right:
    """Return one row.

    Raises:
        KeyError: there is no such row.
    """
    return {row.key: row for row in _MATRIX}[key]
