"""How values enter the record: canonical JSON, and personal ones by salted digest."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

_personal: dict[str, frozenset[str]] = {}


class _Encoder(DjangoJSONEncoder):
    """Writes what our models hold: also rows by their label and key, and sets in order."""

    def default(self, o: Any) -> Any:  # noqa: ANN401 - the library's signature
        if isinstance(o, models.Model):
            return f"{o._meta.label_lower}:{subject_id(o)}"
        if isinstance(o, (set, frozenset)):
            return sorted(o, key=str)
        if hasattr(o, "as_json"):
            return o.as_json()
        return super().default(o)


def canonical(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return the one JSON text of a value: sorted keys, no blanks, no escapes."""
    return json.dumps(
        value, cls=_Encoder, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )


def subject_id(subject: models.Model) -> str:
    """Return how an object is named in the record: its public id when it has one, else its key."""
    return str(getattr(subject, "public_id", None) or subject.pk)


def declare_personal(model_label: str, *fields: str) -> None:
    """Say which fields of a model ("org.person") hold personal values; their values are kept apart."""
    label = model_label.lower()
    _personal[label] = _personal.get(label, frozenset()) | set(fields)


def is_personal(subject: models.Model, field: str, extra: Iterable[str]) -> bool:
    """Tell whether a field's values must be kept apart. Everything about a person is, unless it is a flag."""
    if field in extra or field in _personal.get(subject._meta.label_lower, frozenset()):
        return True
    return isinstance(subject, get_user_model())


def looks_like_reference(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Tell whether a value would be read as a reference to a kept one; such data must not stand in an entry."""
    return isinstance(value, dict) and set(value) == {"digest"}


@dataclass(frozen=True, slots=True)
class Apart:
    """A personal value ready to be stored: what the entry shows is only `digest`."""

    digest: str
    salt: str
    text: str


def set_apart(value: Any) -> Apart:  # noqa: ANN401 - any JSON value
    """Give a value its own salt and digest."""
    salt, text = secrets.token_hex(16), canonical(value)
    return Apart(digest_of(salt, text), salt, text)


def digest_of(salt: str, text: str) -> str:
    """Return SHA-256 over salt and text."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return (field, before, after) of the fields whose stored form differs, in field order."""
    fields = sorted({*before, *after})
    found = [(field, before.get(field), after.get(field)) for field in fields]
    return [row for row in found if canonical(row[1]) != canonical(row[2])]
