"""Taking over lists of posts."""

from collections.abc import Sequence
from itertools import groupby, islice

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from neike.org.importing import post_plan
from neike.org.importing.applying import POSTS, Applier, newcomer_of
from neike.org.importing.changes import SavePost
from neike.org.importing.planning import Planner
from neike.org.importing.post_rows import posts_of
from neike.org.importing.report import Report
from neike.org.importing.sources import Source
from neike.org.importing.state import State
from neike.org.importing.walking import BATCH, Order, Run


def run_posts(sources: Sequence[Source], report: Report, order: Order) -> None:
    """Walk over lists of posts."""
    applier = Applier(order.by, order.now, order.on, POSTS) if order.apply else None
    planner = Planner(State(order.on), first_day=order.on, by_code=False)
    run = Run(planner, report, applier, order.transaction)
    found = posts_of(sources, report, order.progress)
    steps = iter(
        post_plan.plan(found, planner.state, order.on, end_missing=order.end_missing, report=report)
    )
    while batch := list(islice(steps, BATCH)):
        with order.transaction():
            for kind, part in groupby(batch, _together):
                _write_steps(run, kind, list(part))
        order.progress(report)


def _together(step: post_plan.Step) -> str:
    """Return the name of the kind of step that is written many at once, "" for any other."""
    if all(isinstance(each, SavePost) for each in step.changes):
        return "posts"
    return "newcomers" if newcomer_of(step.changes) else ""


def _write_steps(run: Run, kind: str, steps: Sequence[post_plan.Step]) -> None:
    """Write steps of one kind together; where that is refused, one by one."""
    if kind and run.applier is not None:
        try:
            with transaction.atomic():
                if kind == "posts":
                    changes = [change for step in steps for change in step.changes]
                    run.applier.apply_posts(
                        [each for each in changes if isinstance(each, SavePost)]
                    )
                else:
                    found = [newcomer_of(step.changes) for step in steps]
                    run.applier.apply_newcomers([each for each in found if each])
        except (ValidationError, IntegrityError):
            kind = ""
    for step in steps:
        if kind:
            run.report.count(step.changes, step.department)
        else:
            run.write(step.changes, step.line, step.file, step.department)
