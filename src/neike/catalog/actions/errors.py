"""What can go wrong when the catalogue is changed. Each carries sentences for its reader."""

from django.core.exceptions import ValidationError


class CatalogError(ValidationError):
    """Base of all refusals that people can cause; `messages` holds the translated sentences."""


class TakenError(CatalogError):
    """A key that another service already has."""


class ServiceRefusedError(CatalogError):
    """Texts, icon or audience that make no service."""


class ServiceChangedError(CatalogError):
    """Somebody changed the service after it was read."""


class FormRefusedError(CatalogError):
    """Fields that make no form; the sentence names the field."""


class StandardRefusedError(CatalogError):
    """Targets, calendar or steps that make no standard; each sentence names what is wrong."""


class NotReadyError(CatalogError):
    """A service that lacks something it needs before people can ask for it."""
