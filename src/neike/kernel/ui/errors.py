"""What an error page says: what happened, that nothing was lost, and what to do."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class ErrorText:
    """The words of one kind of failure; `retry` offers to load the page again."""

    icon: str
    title: Promise
    happened: Promise
    kept: Promise
    todo: Promise
    retry: bool = False


_UNCHANGED = _("Nothing was changed.")

TEXTS: Final[dict[int, ErrorText]] = {
    400: ErrorText(
        "question",
        _("We could not read that request"),
        _("What your browser sent was incomplete or not what this page expects."),
        _UNCHANGED,
        _("Go back, reload the page and try again."),
    ),
    403: ErrorText(
        "lock",
        _("This is not open to you"),
        _("You are signed in, but this page or action is for other people or roles."),
        _UNCHANGED,
        _("If you need it for your work, ask the lead of the department it belongs to."),
    ),
    404: ErrorText(
        "compass",
        _("There is nothing here"),
        _("The address is wrong, the thing was moved, or it is not yours to see."),
        _("Nothing was lost: what you work with is where you left it."),
        _("Search for it, or start again from your day."),
    ),
    409: ErrorText(
        "merge",
        _("Somebody was faster"),
        _("This was changed by somebody else while you had it open."),
        _("Their change is kept, and yours has not overwritten it."),
        _("Load the page again, look at what changed and repeat what you still want."),
        retry=True,
    ),
    413: ErrorText(
        "file",
        _("That is too large"),
        _("A file or text you sent is larger than this installation accepts."),
        _("Nothing was stored, and nothing already stored was changed."),
        _("Go back and send a smaller file, or share a link to it."),
    ),
    422: ErrorText(
        "edit",
        _("Something in the form does not fit"),
        _("One or more fields hold something that cannot be accepted."),
        _("Nothing was stored yet; what you typed is still in the form."),
        _("Go back and look at the marked fields."),
    ),
    429: ErrorText(
        "waiting",
        _("A little slower, please"),
        _("Too many attempts came from you in a short time."),
        _UNCHANGED,
        _("Wait a minute and try again."),
        retry=True,
    ),
    500: ErrorText(
        "tools",
        _("Something broke on our side"),
        _("The fault is ours, not yours, and it has been recorded."),
        _("What was stored before is safe; the step you just took was undone."),
        _("Try again in a moment. If it stays, tell your administrator what you were doing."),
        retry=True,
    ),
    503: ErrorText(
        "coffee",
        _("Back in a moment"),
        _("The system is being looked after right now."),
        _("Everything stored is safe."),
        _("This page will work again shortly; try once more in a minute."),
        retry=True,
    ),
}
