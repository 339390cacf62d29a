"""The accounts the demo offers on its sign-in page."""

from dataclasses import dataclass

from django.conf import settings

from neike.kernel.registries import DEMO_ACCOUNTS
from neike.kernel.registries.entries import Text
from neike.org.models import Person


@dataclass(frozen=True, slots=True)
class OfferedAccount:
    """One account to click on."""

    employee_no: str
    name: str
    label: Text
    why: Text


def offered_accounts() -> list[OfferedAccount]:
    """Return the registered demo accounts that exist; always none outside the demo."""
    if not settings.DEMO:
        return []
    numbers = [account.employee_no for account in DEMO_ACCOUNTS]
    people = Person.objects.filter(employee_no__in=numbers, can_sign_in=True)
    names = {person.employee_no: person.name for person in people if person.is_active}
    return [
        OfferedAccount(account.employee_no, names[account.employee_no], account.label, account.why)
        for account in DEMO_ACCOUNTS
        if account.employee_no in names
    ]


def demo_account(employee_no: str) -> Person | None:
    """Return the person behind a registered demo account; never anybody else, and nobody outside the demo."""
    if employee_no not in {account.employee_no for account in offered_accounts()}:
        return None
    return Person.objects.filter(employee_no=employee_no).first()
