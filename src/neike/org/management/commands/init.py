"""`neike init`: prepare an empty installation and name its first administrator."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from neike.org.actions.administrators import FIRST_NUMBER, name_first_administrator
from neike.org.actions.people import create_person
from neike.org.actions.security_mails import password_link


class Command(BaseCommand):
    """Set up once; it refuses for ever after."""

    help = "Prepare an empty installation and name its first administrator. Works once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add who the administrator is."""
        parser.add_argument("--admin-email", required=True)
        parser.add_argument("--admin-name", required=True)
        parser.add_argument("--admin-number", default=FIRST_NUMBER, help="employee number")

    def handle(self, **options: Any) -> None:
        """Prepare the database, make the person, print a link to choose the password."""
        call_command("migrate", verbosity=0, interactive=False)
        now = timezone.now()
        try:
            with transaction.atomic():
                person = create_person(
                    employee_no=options["admin_number"],
                    name=options["admin_name"],
                    email=options["admin_email"],
                    by=None,
                    now=now,
                )
                name_first_administrator(person=person, now=now)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{person.name} ({person.employee_no}) is the first administrator.")
        self.stdout.write("Choose a password within one hour (the link works once):")
        self.stdout.write(password_link(person))
