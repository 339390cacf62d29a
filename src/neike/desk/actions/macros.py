"""Replies kept ready: keep, change and delete them, and fill them in for one request."""

import re
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from neike.desk import policies
from neike.desk.actions.errors import BadTextError, DeskError
from neike.desk.actions.work import TEXT_LIMIT
from neike.desk.models import Macro, Ticket
from neike.kernel.policies import require
from neike.kernel.texts import LocalizedText
from neike.kernel.ui import formatting
from neike.org.models import Department, Person

VARIABLES: Final = ("requester", "number", "service", "due", "agent")
"""What stands in braces in a macro and is filled in for each request."""
NAME_LIMIT: Final = 60
_VARIABLE: Final = re.compile(r"\{\s*([^\W\d]\w*)\s*\}")


class UnknownVariableError(DeskError):
    """A macro holds a word in braces that nothing is known for."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        super().__init__(", ".join(names))

    def __str__(self) -> str:
        return _("Unknown variable: %(names)s. Known are %(known)s.") % {
            "names": _(", ").join(f"{{{each}}}" for each in self.names),
            "known": _(", ").join(f"{{{each}}}" for each in VARIABLES),
        }


class MacroChangedError(DeskError):
    """Somebody changed the shared macro after it was read."""

    def __str__(self) -> str:
        return _("Somebody was faster: this macro has changed. Nothing was saved.")


def filled(text: str, *, ticket: Ticket, agent: Person, now: datetime) -> str:
    """Fill the variables of a text in for one request; other words in braces stay as they are."""
    zone = timezone.get_current_timezone()
    values = {
        "requester": ticket.requester.name,
        "number": str(ticket),
        "service": str(ticket.service.name),
        "due": formatting.moment(ticket.due_at, zone=zone, now=now),
        "agent": agent.name,
    }
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


def in_both(text: LocalizedText) -> dict[str, str]:
    """Return what is there of a text, by language."""
    return {language: said for language, said in text.as_json().items() if language != "source"}


def _checked(name: LocalizedText, body: LocalizedText) -> None:
    names, texts = in_both(name).values(), in_both(body).values()
    if not any(each.strip() for each in names) or any(len(each) > NAME_LIMIT for each in names):
        raise BadTextError(NAME_LIMIT)
    if not any(each.strip() for each in texts) or any(len(each) > TEXT_LIMIT for each in texts):
        raise BadTextError(TEXT_LIMIT)
    found = [each for text in texts for each in _VARIABLE.findall(text) if each not in VARIABLES]
    if found:
        raise UnknownVariableError(sorted(set(found)))


@transaction.atomic
def keep_macro(
    *,
    by: Person,
    name: LocalizedText,
    body: LocalizedText,
    department: Department | None,
    now: datetime,
    macro: Macro | None = None,
    version: int = 0,
) -> Macro:
    """Make a macro, or change one; with a department everybody who works for it has it.

    Raises:
        PermissionDenied: it is not theirs to change, or to share there.
        BadTextError: name or text is missing or too long.
        UnknownVariableError: a word in braces is none of `VARIABLES`.
        MacroChangedError: somebody was faster.
    """
    who = policies.standing(by, now=now)
    require(policies.may_share_view(who, department.pk if department else None))
    _checked(name, body)
    if macro is None:
        return Macro.objects.create(owner=by, department=department, name=name, body=body)
    fresh = Macro.objects.select_for_update().get(pk=macro.pk)
    require(policies.may_change_view(who, fresh))
    if fresh.version != version:
        raise MacroChangedError
    fresh.name, fresh.body, fresh.department = name, body, department
    if department is None:
        fresh.owner = by
    fresh.version += 1
    fresh.save()
    return fresh


@transaction.atomic
def delete_macro(*, macro: Macro, by: Person, now: datetime) -> None:
    """Delete a macro; what was written with it stays.

    Raises:
        PermissionDenied: it is not theirs to change.
    """
    fresh = Macro.objects.select_for_update().get(pk=macro.pk)
    require(policies.may_change_view(policies.standing(by, now=now), fresh))
    fresh.delete()
