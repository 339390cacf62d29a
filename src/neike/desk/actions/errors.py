"""What can go wrong by what people do; `str(error)` is a sentence for them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from neike.desk.models import Article, Leg, Ticket, TicketEvent


class DeskError(Exception):
    """Base of all of them."""

    def __str__(self) -> str:
        return _("This is not possible.")


class TicketChangedError(DeskError):
    """Somebody changed the request after it was read; `changes` are the events since, oldest first."""

    def __init__(self, ticket: Ticket, changes: Sequence[TicketEvent]) -> None:
        self.ticket, self.changes = ticket, list(changes)
        super().__init__(ticket.pk)

    def __str__(self) -> str:
        return _("Somebody was faster: the request has changed. Nothing was saved.")


class LegChangedError(DeskError):
    """Somebody changed the leg after it was read; `changes` are the events since, oldest first."""

    def __init__(self, leg: Leg, changes: Sequence[TicketEvent]) -> None:
        self.leg, self.changes = leg, list(changes)
        super().__init__(leg.pk)

    def __str__(self) -> str:
        return _("Somebody was faster: this step has changed. Nothing was saved.")


class NotPossibleError(DeskError):
    """The state of the request or leg does not allow it; `problem` says why, for logs."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)

    def __str__(self) -> str:
        return _("This is not possible in the present state of the request.")


class OpenLegsError(DeskError):
    """Departments still work on the request."""

    def __init__(self, legs: Sequence[Leg]) -> None:
        self.legs = list(legs)
        super().__init__(len(self.legs))

    def __str__(self) -> str:
        return _(
            "Another department has not delivered yet. Wait for it, or take the work back first."
        )


class StepsMissingError(DeskError):
    """Steps of the plan are not done; `titles` names them."""

    def __init__(self, titles: Sequence[object]) -> None:
        self.titles = list(titles)
        super().__init__(len(self.titles))

    def __str__(self) -> str:
        return _("These steps are not done yet: %(steps)s.") % {
            "steps": _(", ").join(str(title) for title in self.titles)
        }


class TasksOpenError(DeskError):
    """Tasks of the request are open."""

    def __str__(self) -> str:
        return _("A task of this request is still open. Finish it, or drop it with a reason.")


class SelfApprovalError(DeskError):
    """Nobody approves what they asked for themselves."""

    def __str__(self) -> str:
        return _("The requester cannot approve their own request. Please choose somebody else.")


class ApproverGoneError(DeskError):
    """Who is asked to approve must be able to; `people` are those who are not."""

    def __init__(self, people: Sequence[object]) -> None:
        self.people = list(people)
        super().__init__(len(self.people))

    def __str__(self) -> str:
        return _("%(people)s cannot decide any more. Please choose somebody else.") % {
            "people": _(", ").join(str(person) for person in self.people)
        }


class ChecklistOpenError(DeskError):
    """A task is done when its checklist is."""

    def __str__(self) -> str:
        return _("Points of the checklist are not ticked yet.")


class ReasonNeededError(DeskError):
    """The reader is owed a reason."""

    def __str__(self) -> str:
        return _("Please give a reason that the others can read.")


class FollowUpDateError(DeskError):
    """A wait needs a date at which somebody looks again (R20)."""

    def __str__(self) -> str:
        return _("Please name a date in the future on which you will look at this again.")


class BadTextError(DeskError):
    """A text is empty or too long; `limit` is the greatest number of characters."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(limit)

    def __str__(self) -> str:
        return _("Please write something, at most %(limit)d characters.") % {"limit": self.limit}


class ReopenWindowOverError(DeskError):
    """It is too late to reopen; a follow-up is made instead. `until` was the last moment."""

    def __init__(self, until: datetime | None) -> None:
        self.until = until
        super().__init__(until)

    def __str__(self) -> str:
        return _(
            "It is too late to reopen this request. Make a follow-up request: it stays linked."
        )


class NothingToReturnError(DeskError):
    """The first leg has no sending department."""

    def __str__(self) -> str:
        return _(
            "No department sent this. Hand it over to the right department, ask the requester, or have it withdrawn."
        )


class SameDepartmentError(DeskError):
    """Work is handed over to another department."""

    def __str__(self) -> str:
        return _("This department has it already. Assign it to a colleague instead.")


class WrongAssigneeError(DeskError):
    """Only somebody who works the department's queue can be given its work."""

    def __str__(self) -> str:
        return _("This person does not work for the department.")


class ServiceNotOfferedError(DeskError):
    """The service is not published, or not for this person or department."""

    def __str__(self) -> str:
        return _("This service is not offered here.")


class RequesterWithoutDepartmentError(DeskError):
    """Nobody can be served without a department that asks."""

    def __str__(self) -> str:
        return _("The person has no department yet, so no request can be made for them.")


class AnswersWrongError(DeskError):
    """Answers do not fit the form; `errors` by field key, "" for the form as a whole."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(", ".join(self.errors))

    def __str__(self) -> str:
        return _("Please check your answers.")


class ChecklistChangedError(DeskError):
    """Somebody changed a checklist after it was read."""

    def __str__(self) -> str:
        return _("Somebody was faster: the checklist has changed. Nothing was saved.")


class ArticleChangedError(DeskError):
    """Somebody changed the article after it was read; `article` is as it is now."""

    def __init__(self, article: Article) -> None:
        self.article = article
        super().__init__(article.pk)

    def __str__(self) -> str:
        return _(
            "Somebody changed this article while you were writing. Your text is still here; compare before you save."
        )


class ArticleRefusedError(DeskError):
    """What was written makes no article; `field` names what is wrong."""

    def __init__(self, field: str, why: str) -> None:
        self.field, self.why = field, why
        super().__init__(why)

    def __str__(self) -> str:
        return self.why


class UndoOverError(DeskError):
    """It is too late, or there is nothing to undo."""

    def __str__(self) -> str:
        return _("This can no longer be undone.")
