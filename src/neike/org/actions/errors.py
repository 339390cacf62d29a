"""What can go wrong when the organisation is changed. Each carries a sentence for its reader."""

from django.core.exceptions import ValidationError


class OrganisationError(ValidationError):
    """Base of all refusals that people can cause; `messages` holds the translated sentence."""


class CycleError(OrganisationError):
    """A department would stand below itself."""


class DatesError(OrganisationError):
    """Dates that are reversed, overlap, or lie where the object does not exist."""


class TakenError(OrganisationError):
    """A code that another object already has."""


class InUseError(OrganisationError):
    """Something that others still depend on."""


class CalendarError(OrganisationError):
    """Hours or dates that make no calendar."""
