"""What can go wrong between two requests; `str(error)` is a sentence for people."""

from django.utils.translation import gettext as _

from neike.desk.actions.errors import DeskError, NotPossibleError
from neike.desk.models import Ticket


class UnknownRequestError(DeskError):
    """There is no such request, or not for this person: both read alike."""

    def __str__(self) -> str:
        return _("You can read no request of this number.")


class SameRequestError(DeskError):
    """A request is not related to itself."""

    def __str__(self) -> str:
        return _("This is the same request. Please choose another one.")


class _OfOtherError(DeskError):
    """Carries the other request, which the person may read."""

    def __init__(self, other: Ticket) -> None:
        self.other = other
        super().__init__(other.pk)


class RelatedAlreadyError(_OfOtherError):
    """One relation between two requests is enough."""

    def __str__(self) -> str:
        return _("It is related to %(other)s already. Take that relation away first.") % {
            "other": self.other
        }


class FamilyError(_OfOtherError):
    """A request is part of one other at most, and parts have no parts."""

    def __str__(self) -> str:
        return _(
            "A request is part of one other at most, and a part has no parts itself. That would not hold with %(other)s."
        ) % {"other": self.other}


class NotYoursToRelateError(_OfOtherError):
    """Both requests change, so one needs the right to both."""

    def __str__(self) -> str:
        return _(
            "You do not work for the department that leads %(other)s, so this is not yours to do. You can note “see also” instead, or ask them."
        ) % {"other": self.other}


class HasPartsError(DeskError):
    """A request with parts is not merged away."""

    def __str__(self) -> str:
        return _("This request has parts of its own. Take them out first, or merge the other one.")


class SurvivorClosedError(_OfOtherError):
    """What is merged must go on somewhere."""

    def __str__(self) -> str:
        return _("%(other)s is not open any more, so nothing can go on there.") % {
            "other": self.other
        }


class ConfidentialMergeError(_OfOtherError):
    """Merging lets nobody into what is confidential, nor confidential things out."""

    def __str__(self) -> str:
        if self.other.confidential:
            return _(
                "%(other)s is confidential and its new follower may not read it. Let them follow it first if that is right."
            ) % {"other": self.other}
        return _("A confidential request is never merged into one that is not.")


class MergedAwayError(NotPossibleError):
    """Nobody writes to a request that was merged; `into` is where it goes on, None if the person may not read that."""

    def __init__(self, into: Ticket | None) -> None:
        self.into = into
        super().__init__("the request was merged")

    def __str__(self) -> str:
        if self.into is None:
            return _("This request was merged into another one. Your text was not sent.")
        return _("This request was merged into %(other)s. Your text was not sent yet.") % {
            "other": self.into
        }


class RequestClosedError(NotPossibleError):
    """Nobody writes to a request that is over."""

    def __init__(self) -> None:
        super().__init__("the request is closed")

    def __str__(self) -> str:
        return _("This request is closed. Your text was not sent; make a follow-up request of it.")


class NothingToSplitError(DeskError):
    """A new request needs something to say."""

    def __str__(self) -> str:
        return _("Choose at least one message, or make the new request a part of this one.")
