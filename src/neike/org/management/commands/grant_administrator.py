"""`neike grant_administrator`: the operator of the server makes a person an administrator, for the day all are gone."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from neike.org import policies
from neike.org.actions.roles import Term, grant_role
from neike.org.choices import Role
from neike.org.models import Person


class Command(BaseCommand):
    """The way back in. It is recorded, and every administrator and auditor sees it on the roles page."""

    help = "Make a person an administrator (recorded; for when no administrator can sign in)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add who and why."""
        parser.add_argument("employee_no")
        parser.add_argument("--reason", required=True)

    def handle(self, **options: Any) -> None:
        """Give the role as the installation itself."""
        person = Person.objects.filter(employee_no=options["employee_no"]).first()
        if person is None:
            raise CommandError(f"no person has the employee number {options['employee_no']!r}")
        now = timezone.now()
        asked = policies.Asked(person, Role.ADMINISTRATOR)
        term = Term(policies.day_of(now), None, options["reason"])
        try:
            grant_role(asked=asked, term=term, by=None, now=now)
        except PermissionDenied as refused:
            raise CommandError(f"refused: {refused}") from refused
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{person.name} ({person.employee_no}) is an administrator.")
