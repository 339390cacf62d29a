"""Who is in none of the files any more."""

from datetime import date

from neike.org.choices import PersonKind
from neike.org.importing.applying import SOURCE
from neike.org.importing.changes import EndPlacement, PersonLeft
from neike.org.importing.matching import plain
from neike.org.importing.walking import Run
from neike.org.models import Person, Placement


def end_missing(run: Run, by: Person | None, today: date) -> None:
    """Let those leave who were taken over from a list of people before and stand in none of the files."""
    rows = (
        Person.objects.filter(kind=PersonKind.HUMAN, left_on__isnull=True, imported_from=SOURCE)
        .exclude(pk=by.pk if by else 0)
        .values_list("employee_no", "name")
    )
    for number, name in list(rows.order_by("pk")):
        if plain(number) not in run.planner.seen:
            run.write([PersonLeft(number, name, today)], 0)
    besides = Placement.objects.filter(
        person__imported_from=SOURCE, is_primary=False, valid_to__isnull=True
    ).select_related("person", "position", "department")
    for each in list(besides.order_by("pk")):
        kept = run.planner.kept.get(plain(each.person.employee_no))
        if kept is not None and each.position.code not in kept:
            label = f"{each.person.name} · {each.position.title}"
            change = EndPlacement(each.person.employee_no, each.position.code, today, label)
            run.write([change], 0)
