"""In what merged departments go on."""

from datetime import date

from neike.org.choices import SuccessionKind
from neike.org.models import DepartmentSuccession
from neike.org.standing.chart import chart


def merged_into(*, on: date) -> dict[int, tuple[int, date]]:
    """Return closed department -> what it goes on in whole by merges, and since when (ids); two queries.

    Of merges that follow one another the last successor counts, and the first day.
    """
    heirs = {
        row.predecessor_id: (row.successor_id, row.date)
        for row in DepartmentSuccession.objects.filter(
            kind=SuccessionKind.MERGE, date__lte=on
        ).order_by("date", "pk")
    }
    organisation = chart(on=on)
    found = {}
    for department, (first, since) in heirs.items():
        heir, seen = first, {department}
        while heir in heirs and not organisation.is_active(heir) and heir not in seen:
            seen.add(heir)
            heir = heirs[heir][0]
        if not organisation.is_active(department) and organisation.is_active(heir):
            found[department] = (heir, since)
    return found
