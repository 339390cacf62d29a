"""Posts of a department that merges or is divided: in which posts of the successors they go on, and their lines."""

from datetime import date

from neike.org.actions.errors import CycleError
from neike.org.actions.terms import redirect, require_no_post_circle, write_term
from neike.org.models import Department, Position, PostTerm
from neike.org.queries.structure import newest_term
from neike.org.standing import on_day


class Heirs:
    """Which post of which department each post goes on in from a day on."""

    def __init__(self, on: date) -> None:
        self.on = on
        self._found: dict[int, dict[int, Position]] = {}
        """Post -> department -> the post there."""
        self._made: list[tuple[Position, Position]] = []

    def of(self, position: Position, department: Department) -> Position:
        """Return the department's open post of the same title, making it if there is none."""
        known = self._found.setdefault(position.pk, {})
        if department.pk not in known:
            known[department.pk] = self._same(position, department)
        return known[department.pk]

    def carry_lines(self) -> None:
        """Let new posts report as the old ones did, and what reported to a post that ended to its heir."""
        for old, new in self._made:
            last = newest_term(old)
            above = last.reports_to if last else None
            if above is not None:
                self._let_report(new, self._heir(above.pk, new.department_id) or above)
        gone = PostTerm.objects.filter(position__in=self._found, valid_to=self.on)
        for pk in gone.values_list("position_id", flat=True):
            below = PostTerm.objects.filter(reports_to=pk).exclude(valid_to__lte=self.on)
            for term in below.select_related("position"):
                heir = self._heir(pk, term.department_id)
                redirect(term, None if heir == term.position else heir, self.on)
                self._loosen_circle(term.position)

    def _heir(self, position: int, department: int) -> Position | None:
        """Return in what a post goes on: in that department if it does there, else in the first one."""
        known = self._found.get(position, {})
        return known.get(department) or next(iter(known.values()), None)

    def _same(self, position: Position, department: Department) -> Position:
        terms = PostTerm.objects.filter(
            on_day(self.on), department=department, valid_to__isnull=True
        ).order_by("position")
        for term in terms.select_related("position"):
            if term.title == position.title:
                return term.position
        made = Position.objects.create(
            code=f"{position.code}-{department.pk}"[-32:],
            department=department,
            title=position.title,
            imported_from=position.imported_from,
        )
        last = newest_term(position)
        write_term(made, self.on, places=last.places if last else 1)
        self._made.append((position, made))
        return made

    def _let_report(self, position: Position, above: Position) -> None:
        if above != position:
            write_term(position, self.on, reports_to=above)
            self._loosen_circle(position)

    def _loosen_circle(self, position: Position) -> None:
        """Take back the line of a post that would report to itself over others: two lines met in one post."""
        try:
            require_no_post_circle([(position.pk, self.on)])
        except CycleError:
            write_term(position, self.on, reports_to=None)
