"""What the shell of every page shows of the installation."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property

from neike.kernel.installation import queries


@dataclass
class Shown:
    """Looked up when a template first asks: `installation.name`, `.logo_url` ("" without one), `.support_contact`."""

    @cached_property
    def name(self) -> str:
        """Return the name in the reader's language."""
        return str(queries.current().name)

    @cached_property
    def logo_url(self) -> str:
        """Return the address of the logo, or ""."""
        found = queries.current()
        return reverse("installation:logo", args=[found.revision]) if found.logo_id else ""

    @cached_property
    def support_contact(self) -> str:
        """Return where people get help, or ""."""
        return queries.current().support_contact

    @cached_property
    def support_url(self) -> str:
        """Return where a click on the contact leads: an HTTPS page or a mail; "" for other words."""
        return contact_url(self.support_contact)

    @cached_property
    def languages(self) -> list[str]:
        """Return the codes of the languages people may choose."""
        return list(queries.current().languages)


def contact_url(contact: str) -> str:
    """Return the address behind a contact that is an HTTPS address or an e-mail address, else ""."""
    if " " not in contact and contact.startswith("https://"):
        return contact
    try:
        validate_email(contact)
    except ValidationError:
        return ""
    return f"mailto:{contact}"


def installation(_request: HttpRequest) -> dict[str, Any]:
    """Give templates `installation`."""
    return {"installation": Shown()}
