"""How one wants to be told: preferences, muting, and the link that stops mails."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from neike.kernel.limits import limited
from neike.kernel.notices import actions
from neike.kernel.notices.forms import PreferencesForm
from neike.kernel.notices.kinds import kind_of, subject_shown
from neike.kernel.notices.mailing import bundle_of
from neike.kernel.notices.models import NoticeMute
from neike.kernel.notices.previewing import samples
from neike.kernel.notices.queries import muted_by
from neike.kernel.notices.wishes import Kept, own
from neike.kernel.policies import policy

_REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@policy("notices.own")
@limited("notices.preferences", "60/m")
def preferences(request: HttpRequest) -> HttpResponse:
    """Show and keep how the person wants to be told."""
    kept = own(request.user)
    form = PreferencesForm(request.POST if request.method == "POST" else None, kept=kept)
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_preferences(person=request.user, **form.settled())
        except actions.PreferencesError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("notices:preferences")
    now = timezone.now()
    muted = muted_by(request.user)
    names = subject_shown(request.user, {each.subject for each in muted}, now=now) if muted else {}
    context = {
        "form": form,
        "samples": samples(request.user, kept, now=now),
        "has_mail": bool(getattr(request.user, "email", None)),
        "muted": [
            _muted(each, names[each.subject].label) for each in muted if each.subject in names
        ],
    }
    status = _REFUSED if form.errors else 200
    return render(request, "notices/preferences.html", context, status=status)


def _muted(row: NoticeMute, label: str) -> dict[str, str]:
    kind, _colon, number = row.subject.partition(":")
    return {"label": label, "kind": kind, "number": number}


@require_POST
@policy("notices.own")
@limited("notices.preview", "120/m")
def preview(request: HttpRequest) -> HttpResponse:
    """Say when mails would come with what is chosen on the page; nothing is kept."""
    kept = own(request.user)
    form = PreferencesForm(request.POST, kept=kept)
    trouble = ""
    if form.is_valid():
        try:
            kept = Kept(actions.drafted(kept.preferences, **form.settled()))
        except actions.PreferencesError as error:
            trouble = " ".join(error.messages)
    else:
        trouble = _("Please fill in all times.")
    context = {
        "samples": [] if trouble else samples(request.user, kept, now=timezone.now()),
        "trouble": trouble,
    }
    return render(request, "notices/_preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy("notices.own")
@limited("notices.mute", "60/m")
def mute(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Ask whether to hear no more of one thing; only the POST does it, or undoes it."""
    subject, now = f"{kind}:{pk}", timezone.now()
    shown = subject_shown(request.user, {subject}, now=now).get(subject)
    if shown is None:
        raise Http404
    if request.method == "POST":
        if request.POST.get("again"):
            actions.unmute(person=request.user, subject=subject)
            messages.success(request, _("You hear of it again."))
        else:
            actions.mute(person=request.user, subject=subject, now=now)
            messages.success(request, _("Muted. What asks you to act still reaches you."))
        return redirect("notices:mute", kind, pk)
    muted = any(each.subject == subject for each in muted_by(request.user))
    context = {"label": shown.label, "muted": muted, "kind": kind, "number": pk}
    return render(request, "notices/mute.html", context)


@csrf_exempt  # a mail program posts here by itself (RFC 8058); the signed token is the proof, and it only takes mails away
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@policy("notices.stop")
@limited("notices.stop", "30/m", by="network", methods=("GET", "HEAD", "POST"))
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether mails like this one are to stop; only the POST stops them. Needs no sign-in."""
    bundle = bundle_of(token)
    if bundle is None:
        return render(request, "notices/stop_over.html", status=410)
    reader = bundle.person.language or translation.get_language()
    with translation.override(reader):
        if request.method == "POST":
            kinds = actions.stop_kinds(bundle=bundle)
            context = {"kinds": [kind_of(key).label for key in kinds], "done": True}
        else:
            keys = bundle.deliveries.values_list("notice__kind", flat=True)
            found = {kind_of(key).key: kind_of(key).label for key in keys}
            context = {"kinds": list(found.values()), "done": False}
        response = render(request, "notices/stop.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response
