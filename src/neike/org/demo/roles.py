"""Who leads, who holds which role, who is away and who stands in."""

from datetime import date, timedelta
from typing import Final

from neike.kernel.demo import Company, moment
from neike.kernel.installation import actions as installation_actions
from neike.kernel.installation import queries as installation_queries
from neike.kernel.texts import LocalizedText
from neike.org import policies
from neike.org.actions.absences import announce_absence, name_substitute
from neike.org.actions.posts import set_lead
from neike.org.actions.roles import Term, grant_role
from neike.org.choices import LeadKind, Role, SubstitutionScope
from neike.org.demo import accounts
from neike.org.demo.departments import ROOT, WANTED
from neike.org.demo.people import Member, Staff
from neike.org.models import Department

_SINCE: Final = date(2020, 1, 1)


def load(company: Company) -> None:
    """Set leads, roles, the name of the installation, and who is away these days."""
    staff: Staff = company.shared["staff"]
    departments: dict[str, Department] = company.shared["departments"]
    at = moment(date(company.begins.year - 1, 1, 3), 600)
    for wanted in WANTED:
        for kind, post in ((LeadKind.LEAD, 0), (LeadKind.DEPUTY, 1)):
            person = _holder(staff, wanted.key, post, company.today).person
            set_lead(
                department=departments[wanted.key],
                person=person,
                kind=kind,
                valid_from=_SINCE,
                by=None,
                now=at,
            )
    chief = _holder(staff, "office", 0, company.today).person
    set_lead(department=departments[ROOT], person=chief, valid_from=_SINCE, by=None, now=at)
    for member, role, department in _grants(staff, departments, company.today):
        asked = policies.Asked(member.person, role, department, None)
        grant_role(asked=asked, term=Term(_SINCE), by=None, now=at)
    _name_installation(company, staff)
    _absences(company, staff)


def _holder(staff: Staff, key: str, post: int, day: date) -> Member:
    return next(each for each in staff.of(key, day) if each.stays[-1].post == post)


def _grants(
    staff: Staff, departments: dict[str, Department], day: date
) -> list[tuple[Member, Role, Department | None]]:
    quality, people = _holder(staff, "quality", 1, day), _holder(staff, "hr", 1, day)
    helper = next(
        each for each in staff.of("rd", day) if not each.known and each.stays[-1].post > 1
    )
    return [
        (staff[accounts.ADMINISTRATOR], Role.ADMINISTRATOR, None),
        (staff[accounts.SECOND_ADMINISTRATOR], Role.ADMINISTRATOR, None),
        (quality, Role.QUALITY_OFFICER, None),
        (people, Role.HR, None),
        (staff[accounts.AUDITOR], Role.AUDITOR, None),
        (helper, Role.AGENT, departments["it"]),
        (staff[accounts.IT_HEAD], Role.SERVICE_OWNER, departments["it"]),
        (staff[accounts.HR_HEAD], Role.SERVICE_OWNER, departments["hr"]),
    ]


def _name_installation(company: Company, staff: Staff) -> None:
    installation_actions.change(
        values={
            "name": LocalizedText.of(zh="云岭科技", en="Yunling Tech"),
            "support_contact": "8000 · help@yunling.example",
        },
        by=staff[accounts.ADMINISTRATOR].person,
        revision=installation_queries.current().revision,
        now=company.now,
    )


def _absences(company: Company, staff: Staff) -> None:
    """Send some people on leave around today; some of them name who stands in."""
    rng = company.rng("org.absences")
    for wanted in WANTED:
        ordinary = [
            each
            for each in staff.of(wanted.key, company.today)
            if not each.known and each.stays[-1].post > 1
        ]
        if len(ordinary) < 4:  # noqa: PLR2004 - too few to spare two
            continue
        away, stand_in = rng.sample(ordinary, 2)
        starts = moment(company.today - timedelta(days=rng.randrange(1, 5)), 540)
        ends = moment(company.today + timedelta(days=rng.randrange(2, 9)), 540)
        english = away.english
        announce_absence(
            person=away.person,
            starts_at=starts,
            ends_at=ends,
            message="On leave; my colleagues will help you."
            if english
            else "休假中，急事请联系同事。",
            by=away.person,
            now=company.now,
        )
        if rng.random() < 0.6:  # noqa: PLR2004
            name_substitute(
                person=away.person,
                substitute=stand_in.person,
                scope=SubstitutionScope.BOTH,
                starts_at=starts,
                ends_at=ends,
                by=away.person,
                now=company.now,
            )
