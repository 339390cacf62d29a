"""What every request of the demo refers to: services, promises, and the people who work queues."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from typing import Final

from neike.catalog import form_schema
from neike.catalog.demo import Offered
from neike.catalog.form_schema import Schema
from neike.catalog.models import ServiceStandard
from neike.desk.demo.pace import Pace
from neike.desk.replay import Terms
from neike.desk.terms import terms_of
from neike.kernel.demo import Company
from neike.kernel.texts import LocalizedText
from neike.org import queries as org_queries
from neike.org.demo.people import Member, Staff
from neike.org.models import Department

_AGENT_POST: Final = 2
_KNOWN_WEIGHT: Final = 1.5


@dataclass(frozen=True, slots=True)
class Part:
    """One step of how a service is delivered: by which department, how handed over, its working seconds."""

    department: str
    mode: str
    seconds: int


class World:
    """The demo company as its requests see it."""

    def __init__(self, company: Company) -> None:
        self.until = company.until
        self.departments: Mapping[str, Department] = company.shared["departments"]
        self.staff: Staff = company.shared["staff"]
        self.catalogue: Mapping[str, Offered] = company.shared["catalogue"]
        self.pace = Pace(company)
        standards = [
            standard
            for offered in self.catalogue.values()
            for _since, standard in offered.standards
        ]
        self.terms: dict[int, Terms] = terms_of(each.pk for each in standards)
        self._keys = {each.pk: key for key, each in self.departments.items()}
        self._parts: dict[int, tuple[Part, ...]] = {}
        self._schemas: dict[int, Schema] = {}
        self._agents: dict[tuple[str, date], tuple[list[Member], list[float]]] = {}
        charts = org_queries.chart(on=company.begins), org_queries.chart(on=company.today)
        self._names = [{each.id: each.name for each in chart} for chart in charts]
        self._renamed = company.halfway

    def parts(self, standard: ServiceStandard) -> tuple[Part, ...]:
        """Return the steps of a standard; one without steps has none."""
        found = self._parts.get(standard.pk)
        if found is None:
            found = tuple(
                Part(self._keys[step.department_id], step.mode, step.seconds or 0)
                for step in sorted(standard.steps.all(), key=lambda each: each.order)
            )
            self._parts[standard.pk] = found
        return found

    def schema(self, offered: Offered) -> Schema:
        """Return the service's form."""
        form = offered.service.form
        assert form is not None  # noqa: S101 - published services have one
        found = self._schemas.get(form.pk)
        if found is None:
            found = self._schemas[form.pk] = form_schema.parse(form.fields)
        return found

    def name(self, department: str, day: date, *, english: bool) -> str:
        """Return how a department was called on a day."""
        names = self._names[day >= self._renamed]
        text: LocalizedText = names[self.departments[department].pk]
        return text.in_language("en" if english else "zh-hans")

    def agent(self, rng: random.Random, department: str, at: datetime, *, without: int) -> Member:
        """Draw who takes a piece of work: never the requester, seldom a head."""
        people, weights = self._queue(department, at.date())
        for _attempt in range(20):
            member = rng.choices(people, cum_weights=weights)[0]
            if member.pk != without:
                return member
        return next(each for each in people if each.pk != without)

    def _queue(self, department: str, day: date) -> tuple[list[Member], list[float]]:
        found = self._agents.get((department, day))
        if found is None:
            people = [
                each
                for each in self.staff.of(department, day)
                if each.stays[-1].post >= _AGENT_POST or len(each.stays) > 1
            ]
            # Some do twice as much as others: by their place in the list, the same all year.
            weights = [
                _KNOWN_WEIGHT if each.known else 0.5 + (each.serial * 7 % 10) / 10
                for each in people
            ]
            found = self._agents[department, day] = people, list(accumulate(weights))
        return found
