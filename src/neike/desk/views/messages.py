"""Writing to a request."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from neike.desk import actions, forms, policies
from neike.desk.choices import Visibility
from neike.desk.views.acting import Call, answer
from neike.desk.views.reading import reader, ticket_of
from neike.kernel.attachments.actions import UploadRefusedError, attach_all
from neike.kernel.policies import policy, require


@require_POST
@policy("desk.use")
def reply(request: HttpRequest, number: int) -> HttpResponse:
    """Write to everybody on the request."""
    return _write(request, number, Visibility.PUBLIC, name="reply", done=_("Sent."))


@require_POST
@policy("desk.use")
def note(request: HttpRequest, number: int) -> HttpResponse:
    """Write to those who serve."""
    return _write(request, number, Visibility.INTERNAL, name="note", done=_("Noted."))


def _write(
    request: HttpRequest, number: int, visibility: Visibility, *, name: str, done: str
) -> HttpResponse:
    who = reader(request)
    ticket = ticket_of(who, number)
    lead = next(leg for leg in ticket.legs.all() if leg.is_lead)
    require(policies.may_post(who.who, ticket, visibility))
    form = forms.MessageForm(request.POST, request.FILES, auto_id=f"{name}-%s")

    def run(call: Call) -> None:
        _post(call, visibility)

    return answer(Call(request, who, ticket, lead, form), run, name=name, done=done)


def _post(call: Call, visibility: Visibility) -> None:
    """Keep the files first, because that takes its time, then write and give them to the message in one go."""
    by, now = call.reader.person, call.reader.now
    try:
        kept = attach_all(owner=None, uploads=call.data["files"], by=by, now=now)
    except UploadRefusedError as refused:
        raise FileRefusedError(str(refused)) from refused
    pasted = _ids(call.data["attached"])
    files = [*(each.public_id for each in kept), *pasted]
    try:
        actions.post_message(
            ticket=call.ticket,
            by=by,
            body=call.data["body"],
            visibility=visibility,
            client_key=call.data["client_key"],
            files=files,
            now=now,
        )
    except actions.NotPossibleError:
        _remember(call, files)
        raise
    actions.forget_words(ticket=call.ticket, by=by, visibility=visibility)


def _remember(call: Call, files: list[UUID]) -> None:
    """Let the answer to a refused message name the files that were kept, so that they can be sent elsewhere."""
    data = call.request.POST.copy()
    data["attached"] = " ".join(map(str, files))
    call.form.data = data


class FileRefusedError(actions.DeskError):
    """A file was not taken; says which and why."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)

    def __str__(self) -> str:
        return self.why


def _ids(text: str) -> list[UUID]:
    """Return the ids of pasted pictures, leaving out what is none."""
    found = []
    for word in text.split():
        try:
            found.append(UUID(word))
        except ValueError:
            continue
    return found
