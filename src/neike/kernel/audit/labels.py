"""How actions and objects of the record are called on screen; the modules above register theirs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from neike.kernel.registries import Registry
from neike.kernel.registries.entries import Text


@dataclass(frozen=True, slots=True)
class AuditAction:
    """What an action code ("org.department_moved") is called."""

    key: str
    label: Text
    order: int = 0


@dataclass(frozen=True, slots=True)
class AuditSubject:
    """How objects of one model label are shown: `describe(ids)` gives (name, address or "") by id.

    Give names only that every auditor may read: an auditor sees the envelope, not the content.
    """

    key: str
    describe: Callable[[Iterable[str]], Mapping[str, tuple[str, str]]]
    order: int = 0


AUDIT_ACTIONS: Registry[AuditAction] = Registry("audit actions")
AUDIT_SUBJECTS: Registry[AuditSubject] = Registry("audit subjects")


def action_label(action: str) -> str:
    """Return what an action is called, else its code."""
    found = AUDIT_ACTIONS.get(action)
    return str(found.label) if found else action


def kind_label(model_label: str) -> str:
    """Return what objects of a model are called, else the model's label."""
    try:
        return str(apps.get_model(model_label)._meta.verbose_name)
    except (LookupError, ValueError):
        return model_label


def field_label(model_label: str, field: str) -> str:
    """Return what a field is called, else its name."""
    try:
        return str(
            getattr(apps.get_model(model_label)._meta.get_field(field), "verbose_name", field)
        )
    except (LookupError, ValueError, FieldDoesNotExist):
        return field


def describe(model_label: str, ids: Iterable[str]) -> Mapping[str, tuple[str, str]]:
    """Return the registered names and addresses of some objects of one kind."""
    found = AUDIT_SUBJECTS.get(model_label)
    return found.describe(ids) if found else {}
