"""Asking for something: the form, the promise before it is sent, the draft that keeps itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from neike.catalog import queries as catalog_queries
from neike.catalog.forms import RequestForm
from neike.catalog.forms.controls import TableField
from neike.catalog.models import Service
from neike.desk import actions, policies, queries
from neike.desk.actions.incidents import link_incident
from neike.desk.display import outlook, subjects
from neike.desk.forms import HeadForm
from neike.desk.models import DepartmentNotice, Ticket, TicketDraft
from neike.desk.queries.department_notices import open_incidents
from neike.desk.views import planned
from neike.desk.views.articles.beside import ideas_for
from neike.desk.views.department_notices.reading import banner_context
from neike.desk.views.reading import Reader, reader
from neike.kernel.attachments.actions import UploadRefusedError, attach_all
from neike.kernel.attachments.models import Attachment
from neike.kernel.limits import limited
from neike.kernel.policies import policy
from neike.org import queries as org_queries
from neike.org.models import Person

_LONGEST_ANSWER: Final = 10_000
_MOST_CHOICES: Final = 50
_HEAD: Final = "head-"
"""Begins the keys of a draft that belong to no field of the service; a field's key never holds a dash."""


@dataclass
class Asking:
    """Somebody about to ask for a service: the two forms of the page."""

    reader: Reader
    service: Service
    head: HeadForm
    form: RequestForm

    @property
    def is_valid(self) -> bool:
        """Whether both forms hold; both are checked, so that all mistakes show at once."""
        return all([self.head.is_valid(), self.form.is_valid()])


@require_http_methods(["GET", "HEAD", "POST"])
@policy("desk.use")
@limited("desk.create", "30/m")
def new(request: HttpRequest, key: str) -> HttpResponse:
    """Show the form of a service with its promise, or make the request."""
    who = reader(request)
    service = _offered(who, key)
    if request.method == "POST":
        return _submitted(request, _asking(who, service, request.POST, request.FILES))
    copied = _copied(who, service, request.GET.get("copy", ""))
    if copied is not None:
        return _page(request, _asking(who, service, copy=copied))
    draft = queries.draft_of(who.who, service)
    return _page(request, _asking(who, service, draft=draft), draft=draft)


def _copied(who: Reader, service: Service, number: str) -> Ticket | None:
    """Return the request whose answers are to be begun with: one's own that was rejected or withdrawn."""
    wanted = queries.number_in(number)
    found = Ticket.objects.filter(service=service, number=wanted).first() if wanted else None
    return found if found is not None and policies.may_copy(who.who, found) else None


@require_POST
@policy("desk.use")
@limited("desk.draft", "120/m", by="person")
def keep_draft(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what is typed so far; to htmx answer that it is kept and which subject it suggests."""
    who = reader(request)
    service = _offered(who, key)
    asking = _asking(who, service, request.POST)
    draft = _kept(asking, request.POST)
    if request.headers.get("HX-Request") != "true":
        messages.success(request, _("Draft saved."))
        return HttpResponseRedirect(reverse("desk:new", args=[key]))
    asking.form.is_valid()
    context = {
        "draft": draft,
        "subject": subjects.suggested(service, asking.form.answers),
        "ideas": ideas_for(who, service, _said(asking, request.POST)),
        "service": service,
        "fragment": True,
    }
    return render(request, "desk/new/_draft.html", context)


@require_POST
@policy("desk.use")
def discard_draft(request: HttpRequest, key: str) -> HttpResponse:
    """Forget what was typed and begin anew."""
    who = reader(request)
    service = _offered(who, key)
    actions.discard_draft(service=service, by=who.person)
    messages.success(request, _("The draft was discarded."))
    return HttpResponseRedirect(reverse("desk:new", args=[key]))


def _offered(who: Reader, key: str) -> Service:
    """Return a service that is offered to the reader, or that their department provides.

    Raises:
        Http404: there is none, or not for this person.
    """
    on = org_queries.organisation_day(who.now)
    found = (
        catalog_queries.services_visible_to(who.person, on)
        .prefetch_related("standard__targets")
        .filter(key=key)
        .first()
    )
    if found is None or found.form is None or found.standard is None:
        raise Http404
    return found


def _asks_for_others(who: Reader, service: Service) -> bool:
    return who.who.serves_in(service.department_id) or bool(who.who.leads)


def _asking(
    who: Reader,
    service: Service,
    data: QueryDict | None = None,
    files: Any = None,  # noqa: ANN401 - as Django's forms take it
    *,
    draft: TicketDraft | None = None,
    copy: Ticket | None = None,
) -> Asking:
    """Return the forms: bound to what was posted, else as the draft or a copied request has them, else fresh."""
    typed: Mapping[str, Any] = draft.answers if draft else {}
    head = {key.removeprefix(_HEAD): value for key, value in typed.items() if key.startswith(_HEAD)}
    standard, form = service.standard, service.form
    if standard is None or form is None:  # `_offered` has seen to it
        raise Http404
    on = org_queries.organisation_day(who.now)
    return Asking(
        who,
        service,
        HeadForm(
            data,
            files,
            reader=who.person,
            on=on,
            for_others=_asks_for_others(who, service),
            usual=standard.default_priority,
            initial={**head, **_title_of(draft or copy)},
        ),
        RequestForm(
            form,
            data,
            files,
            reader=who.person,
            on=on,
            answers=copy.answers if copy else {} if draft else None,
            initial={key: value for key, value in typed.items() if not key.startswith(_HEAD)},
        ),
    )


def _title_of(source: TicketDraft | Ticket | None) -> dict[str, str]:
    return {"title": source.title} if source else {}


def _kept(asking: Asking, data: QueryDict) -> TicketDraft | None:
    """Keep as draft what was typed, checked or not; forget the draft when all is empty."""
    answers = _typed(asking.form, data)
    head = _typed(asking.head, data)
    title = str(head.pop("title", ""))
    for name in ("client_key", "attached"):
        head.pop(name, None)
    by, service = asking.reader.person, asking.service
    if queries.was_sent(asking.reader.who, data.get("client_key", "")):
        return None  # the last keystroke overtook the sending
    if not title and not head.get("requester") and not any(answers.values()):
        actions.discard_draft(service=service, by=by)
        return None
    answers |= {f"{_HEAD}{name}": value for name, value in head.items()}
    return actions.save_draft(
        service=service, by=by, title=title, answers=answers, now=asking.reader.now
    )


def _said(asking: Asking, data: QueryDict) -> str:
    """Return the words typed so far, for finding articles like them."""
    head = str(_typed(asking.head, data).get("title", ""))
    return "\n".join([head, *_words(_typed(asking.form, data))])


def _drafted(draft: TicketDraft | None) -> str:
    """Return the words a draft keeps."""
    if draft is None:
        return ""
    own = {key: each for key, each in draft.answers.items() if not key.startswith(_HEAD)}
    return "\n".join([draft.title, *_words(own)])


def _words(answers: Mapping[str, Any]) -> list[str]:
    return [each for each in answers.values() if isinstance(each, str)]


def _typed(form: django_forms.Form, data: QueryDict) -> dict[str, Any]:
    """Return what was posted for the inputs of a form, as text, files left out."""
    found: dict[str, Any] = {}
    for name, field in form.fields.items():
        if isinstance(field, TableField):
            rows = field.widget.value_from_datadict(data, None, form.add_prefix(name))
            found[name] = [{key: _plain(value) for key, value in row.items()} for row in rows]
            continue
        values = [_plain(each) for each in data.getlist(form.add_prefix(name))[:_MOST_CHOICES]]
        if values and not isinstance(field, django_forms.FileField):
            several = isinstance(field, django_forms.MultipleChoiceField)
            found[name] = values if several else values[-1]
    return found


def _plain(value: str) -> str:
    """Return a text without what a database cannot keep: NUL and lone halves of characters."""
    whole = value[:_LONGEST_ANSWER].replace("\x00", "")
    return whole.encode("utf-8", "ignore").decode("utf-8")


def _submitted(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Make the request and show it, or show the form again (422) with all that was typed."""
    valid = asking.is_valid
    files = _keep_files(asking, with_answers=valid)
    if not valid or asking.head.errors:
        return _again(request, asking, files)
    try:
        ticket = _submit(asking, files)
    except actions.AnswersWrongError as wrong:
        for key, message in wrong.errors.items():
            asking.form.add_error(key if key in asking.form.fields else None, message)
    except actions.ServiceNotOfferedError as refused:
        name = "requester" if asking.head.cleaned_data.get("requester") else None
        asking.head.add_error(name, str(refused))
    except actions.DeskError as refused:
        asking.head.add_error(None, str(refused))
    else:
        _link_incident(request, asking.reader, ticket)
        return HttpResponseRedirect(f"{ticket.path}?sent=1")
    return _again(request, asking, files)


def _incident(request: HttpRequest, who: Reader) -> DepartmentNotice | None:
    """Return the major incident the request is to be linked to, if the address or the form names one."""
    given = request.POST.get("incident", "") or request.GET.get("incident", "")
    try:
        wanted = UUID(given)
    except ValueError:
        return None
    return open_incidents(who.who, now=who.now).filter(public_id=wanted).first()


def _link_incident(request: HttpRequest, who: Reader, ticket: Ticket) -> None:
    """Link the new request to the incident it was begun from; one that ended meanwhile is said."""
    if not request.POST.get("incident"):
        return
    notice = _incident(request, who)
    try:
        if notice is not None:
            link_incident(ticket=ticket, notice=notice, by=who.person, now=who.now)
    except actions.DeskError as refused:
        messages.info(request, str(refused))


def _submit(asking: Asking, files: list[UUID]) -> Ticket:
    head = asking.head.cleaned_data
    who = asking.reader
    return actions.submit(
        service=asking.service,
        by=who.person,
        requester=_requester(asking),
        answers=asking.form.answers,
        title=head["title"] or subjects.suggested(asking.service, asking.form.answers),
        priority=head["priority"],
        client_key=head["client_key"],
        files=files,
        now=who.now,
    )


def _requester(asking: Asking) -> Person:
    """Return for whom it is.

    Raises:
        NotOnBehalfError: the reader may not ask for that person.
    """
    public_id = asking.head.cleaned_data.get("requester")
    if not public_id:
        return asking.reader.person
    found = Person.objects.get(public_id=public_id)  # the field has looked it up
    if not policies.may_raise_for(asking.reader.who, found, asking.service):
        raise NotOnBehalfError
    return found


class NotOnBehalfError(actions.DeskError):
    """Somebody asks for a person they may not ask for."""

    def __str__(self) -> str:
        return _("You may ask for people of the departments you lead, and for whom you serve.")


def _keep_files(asking: Asking, *, with_answers: bool) -> list[UUID]:
    """Keep the sent files at once, so that they survive a mistake elsewhere; return all ids that wait.

    Files of the service's own fields are kept only when nothing is wrong: those fields ask again.
    """
    waiting = _ids(asking.head["attached"].value() or "")
    given = list(asking.head.cleaned_data.get("files") or ())
    if with_answers:
        given += [each for files in asking.form.uploads.values() for each in files]
    if given:
        try:
            made = attach_all(
                owner=None, uploads=given, by=asking.reader.person, now=asking.reader.now
            )
        except UploadRefusedError as refused:
            asking.head.add_error("files", str(refused))
            return waiting
        waiting += [each.public_id for each in made]
    return waiting


def _ids(text: str) -> list[UUID]:
    """Return the ids of files sent before, leaving out what is none."""
    found = []
    for word in str(text).split()[:_MOST_CHOICES]:
        try:
            found.append(UUID(word))
        except ValueError:
            continue
    return found


def _again(request: HttpRequest, asking: Asking, files: list[UUID]) -> HttpResponse:
    """Show the form with its mistakes; files that were sent are listed and need not be chosen again."""
    own = Attachment.objects.filter(
        public_id__in=files, uploaded_by_id=asking.reader.person.pk, owner_type=""
    )
    kept = list(own.order_by("pk"))
    data = request.POST.copy()
    data["attached"] = " ".join(str(each.public_id) for each in kept)
    asking.head.data = data
    return _page(request, asking, kept=kept, status=422)


def _page(
    request: HttpRequest,
    asking: Asking,
    *,
    draft: TicketDraft | None = None,
    kept: list[Attachment] | None = None,
    status: int = 200,
) -> HttpResponse:
    who, service = asking.reader, asking.service
    standard = service.standard
    if standard is None:  # `_offered` has seen to it
        raise Http404
    choices = outlook.outlooks(standard, now=who.now)
    chosen = str(asking.head["priority"].value() or standard.default_priority)
    differ = len({(each.answer_at, each.done_at) for each in choices}) > 1
    on = org_queries.organisation_day(who.now)
    context = {
        "service": service,
        "provider": who.chart.name(service.department_id),
        "page": catalog_queries.service_page(service, who.chart),
        "head": asking.head,
        "form": asking.form,
        "outlooks": choices,
        "chosen": next((each for each in choices if each.priority == chosen), choices[-1]),
        "offers_priority": differ,
        "similar": queries.similar_open(who.who, service),
        "draft": draft,
        "kept": kept or [],
        "homeless": org_queries.department_of(who.person, on=on) is None,
        "now": who.now,
        "ideas": ideas_for(who, service, _drafted(draft)),
        "subject": subjects.suggested(service, asking.form.answers),
        "plan": planned.steps(who, service),
        **banner_context(who, service),
        "incident": _incident(request, who),
    }
    return render(request, "desk/new/new.html", context, status=status)
