"""Who heads a department, as most of its people say."""

from datetime import date

from neike.org.importing import lines
from neike.org.importing.applying import open_leads
from neike.org.importing.changes import SetLead
from neike.org.importing.errors import RowNote
from neike.org.importing.planning import Planner
from neike.org.importing.walking import Run
from neike.org.importing.wording import _


def set_leads(run: Run, today: date) -> None:
    """Make the manager whom most people of a department name its head, when placed in it."""
    planner = run.planner
    # Managers whom the file does not list as people of their own.
    planner.state.load_people(run.asked, run.asked)
    held = open_leads(today)
    lines.load_posts(planner, run.asked, today)
    for manager, row in run.asked.items():
        if planner.find(manager) is None:
            words = _("Nobody has this number or e-mail address; the row was taken without it.")
            run.report.note(
                RowNote(row.line, "manager", manager, words, refused=False, file=row.file)
            )
    for caught in lines.in_circles(planner, run.lines):
        place = planner.places.get(caught, "")
        if place in run.votes:
            run.votes[place][run.lines[caught].manager] -= 1
    for code, votes in run.votes.items():
        for manager, count in votes.most_common():
            if count <= 0:
                break
            key = planner.find(manager)
            if key is not None and _place_of(planner, key) == code:
                key = _topmost(run, key, code)
                if key not in held.get(code, ()):
                    _lead(run, code, key, today)
                break


def _lead(run: Run, code: str, key: str, today: date) -> None:
    known = run.planner.state.departments[code]
    person = run.planner.state.people.get(key)
    number = person.employee_no if person else key
    name = person.name if person else run.planner.names.get(key, number)
    label = f"{known.name} · {name}"
    line = run.planner.seen.get(key, 0)
    run.write([SetLead(code, number, max(today, known.since), label)], line)


def _topmost(run: Run, key: str, code: str) -> str:
    """Return the highest in a department whom the lines lead to from somebody in it, within the department."""
    way = [key]
    while (row := run.lines.get(way[-1])) is not None:
        above = run.planner.find(row.manager)
        if above is None or above in way or _place_of(run.planner, above) != code:
            break
        way.append(above)
    return way[-1]


def _place_of(planner: Planner, key: str) -> str | None:
    known = planner.state.people.get(key)
    return planner.places.get(key) or (known.department if known else None)
