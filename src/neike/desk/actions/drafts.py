"""Requests somebody began and did not send."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from neike.catalog.models import Service
from neike.desk.models import TicketDraft
from neike.org.models import Person


def save_draft(
    *, service: Service, by: Person, title: str, answers: Mapping[str, Any], now: datetime
) -> TicketDraft:
    """Keep what a person has typed for a service so far; the answers are not checked yet."""
    draft, _created = TicketDraft.objects.update_or_create(
        person=by,
        service=service,
        defaults={"title": title.strip()[:200], "answers": dict(answers), "updated_at": now},
    )
    return draft


def discard_draft(*, service: Service, by: Person) -> None:
    """Forget a person's draft, if there is one."""
    TicketDraft.objects.filter(person=by, service=service).delete()
