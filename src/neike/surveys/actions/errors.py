"""What can go wrong by what people do; `str(error)` is a sentence for them."""

from django.utils.translation import gettext as _

from neike.surveys.terms import CHANGE_WITHIN, COMMENT_LIMIT, RATE_WITHIN


class RatingError(Exception):
    """Base of all of them."""

    def __str__(self) -> str:
        return _("This cannot be rated.")


class WrongScoreError(RatingError):
    """The score is not a whole number from 1 to 5."""

    def __str__(self) -> str:
        return _("Choose one of the five steps.")


class UnknownReasonError(RatingError):
    """A reason is not one of those offered."""

    def __str__(self) -> str:
        return _("Choose reasons from the list.")


class CommentTooLongError(RatingError):
    """The comment is longer than allowed."""

    def __str__(self) -> str:
        return _("At most %(limit)s characters, please.") % {"limit": COMMENT_LIMIT}


class RatingTooLateError(RatingError):
    """The time for rating is over."""

    def __str__(self) -> str:
        return _("This could be rated for %(days)s days; that time is over.") % {
            "days": RATE_WITHIN.days
        }


class RatingFixedError(RatingError):
    """The time for changing the rating is over."""

    def __str__(self) -> str:
        return _("A rating can be changed for %(days)s days; this one now stands.") % {
            "days": CHANGE_WITHIN.days
        }
