"""The demo company's organisation: calendars, departments, people, leads, roles, absences."""

from neike.kernel.demo import Company
from neike.org.demo import accounts, calendars, departments, people, roles


def load(company: Company) -> None:
    """Load the organisation; later parts find it in `company.shared`.

    It leaves `calendars` ("cn", "de"), `departments` (by key) and `staff` (a `people.Staff`).
    """
    calendars.load(company)
    departments.load(company)
    people.load(company)
    roles.load(company)
    company.progress(
        f"  {len(company.shared['departments'])} departments, {len(company.shared['staff'])} people"
    )


__all__ = ["accounts", "load"]
