"""What standards promise, as the replay needs it."""

from collections.abc import Iterable

from neike.catalog import queries as catalog_queries
from neike.catalog.models import ServiceStandard
from neike.desk.models import TicketEvent
from neike.desk.replay import Event, Terms
from neike.org import queries as org_queries


def terms_of(standard_ids: Iterable[int]) -> dict[int, Terms]:
    """Return the terms of these standards by id, in two queries."""
    standards = (
        ServiceStandard.objects.filter(pk__in=set(standard_ids))
        .select_related("calendar")
        .prefetch_related("targets")
    )
    return {standard.pk: terms_from(standard) for standard in standards}


def terms_from(standard: ServiceStandard) -> Terms:
    """Return the terms of one standard; its targets are read unless prefetched."""
    return Terms(
        standard_id=standard.pk,
        calendar_id=standard.calendar_id,
        revision=standard.calendar.revision,
        calendar=org_queries.prepared_calendar(standard.calendar),
        third_party_pauses=standard.third_party_pauses,
        targets=catalog_queries.promises(standard),
    )


def standards_named(events: Iterable[Event]) -> set[int]:
    """Return the ids of the standards that events of a log name."""
    return {event.data["standard"] for event in events if "standard" in event.data}


def as_event(row: TicketEvent) -> Event:
    """Return a stored line of the log as the replay reads it."""
    return Event(row.seq, row.kind, row.leg_no, row.by_id, row.at, row.data)
