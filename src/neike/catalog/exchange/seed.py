"""The catalogue Neike ships: IT, HR, finance, administration, legal and procurement, in both languages."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib.resources import files

from neike.catalog import actions, service_file
from neike.catalog.exchange.files import draft
from neike.catalog.models import Service
from neike.catalog.service_file import ServiceFile
from neike.org.models import BusinessCalendar, Department


@cache
def seed_files() -> tuple[ServiceFile, ...]:
    """Return every shipped service, by department and order; read once per process.

    `department` is one of the six keys it, hr, finance, admin, legal, procurement.
    """
    found: list[ServiceFile] = []
    for folder in sorted(
        files("neike.catalog").joinpath("seed").iterdir(), key=lambda one: one.name
    ):
        if folder.is_dir():
            for file in sorted(folder.iterdir(), key=lambda one: one.name):
                name = f"seed/{folder.name}/{file.name}"
                found.append(service_file.read(file.read_bytes(), file=name))
    return tuple(sorted(found, key=lambda one: (one.department, one.order)))


def load_seed(
    departments: Mapping[str, Department], *, calendar: BusinessCalendar, now: datetime
) -> list[Service]:
    """Publish the shipped services of the departments given by seed key ("it", "hr", ...), in bulk.

    A step of a department that is not given is left out. Services that exist are left alone, so a second run
    makes nothing. Returns the services made.
    """
    drafts = [
        draft(_without_missing(each, departments), departments, calendar)
        for each in seed_files()
        if each.department in departments
    ]
    return actions.create_published(drafts, now=now)


def _without_missing(found: ServiceFile, departments: Mapping[str, Department]) -> ServiceFile:
    """Leave out the steps of departments that are not given; what waits for one waits for those before it."""
    gone = {
        step.key: step.after
        for step in found.standard.steps
        if step.department and step.department not in departments
    }

    def waits(keys: tuple[str, ...]) -> tuple[str, ...]:
        kept = [other for key in keys for other in (waits(gone[key]) if key in gone else (key,))]
        return tuple(dict.fromkeys(kept))

    steps = tuple(
        replace(step, after=waits(step.after))
        for step in found.standard.steps
        if not step.department or step.department in departments
    )
    return replace(found, standard=replace(found.standard, steps=steps))
