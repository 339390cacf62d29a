"""Notices by mail: one message for each bundle, written when it is sent, with what its reader may read then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from neike.engines.delivery import MOST_LISTED
from neike.kernel import mail
from neike.kernel.mail.footers import Footer
from neike.kernel.notices.kinds import SubjectShown, kind_of, subject_shown
from neike.kernel.notices.models import Notice, NoticeBundle

TEMPLATE: Final = "notices/mail/bundle"
_STOP = signing.Signer(salt="neike.notices.stop")
_BUNDLE, _MUTE = "bundle", "mute"


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as its mail says it; `path` is ours."""

    title: str
    because: str
    at: datetime
    path: str


@dataclass(slots=True)
class Part:
    """The lines about one thing; `label` is "" for what is about nothing in particular."""

    label: str
    lines: list[Line] = field(default_factory=list)


def send(bundle: Any, now: datetime) -> None:  # noqa: ANN401 - the registry's signature
    """Queue the mail of a bundle, in the caller's transaction; ids only. The same bundle is queued once."""
    rows = list(bundle.deliveries.exclude(template="")[:2])
    subjects = set(bundle.deliveries.values_list("notice__subject", flat=True)[:50])
    context: dict[str, Any] = {_BUNDLE: str(bundle.public_id)}
    one = len(subjects) == 1
    if one and (only := next(iter(subjects))):
        context[_MUTE] = only
    template = TEMPLATE
    if one and len(rows) == 1:  # what is to be done says more than that somebody wrote
        template, context = rows[0].template, {**rows[0].context, **context}
    key = f"notices:{bundle.public_id}"
    mail.send(to=bundle.person, template=template, context=context, now=now, key=key)


def prepare(person: Any, context: Mapping[str, Any], *, now: datetime) -> dict[str, Any] | None:  # noqa: ANN401
    """Return what the mail says: only what its reader may read now; None when nothing is left."""
    bundle = NoticeBundle.objects.filter(public_id=context[_BUNDLE], person=person).first()
    if bundle is None:
        return None
    found = Notice.objects.filter(deliveries__bundle=bundle).order_by("created_at", "pk")
    notices = list(found)
    shown = subject_shown(person, {each.subject for each in notices if each.subject}, now=now)
    notices = [each for each in notices if not each.subject or each.subject in shown]
    if not notices:
        return None
    listed = notices[:MOST_LISTED]
    only = len(notices) == 1
    return {
        "headline": _headline(bundle, notices, shown),
        "parts": _parts(listed, shown),
        "more": len(notices) - len(listed),
        "is_digest": bundle.is_digest,
        "url": notices[0].url if only or _one_subject(notices) else reverse("notices:list"),
    }


def _parts(notices: list[Notice], shown: Mapping[str, SubjectShown]) -> list[Part]:
    """Return the lines in order, those about one thing together under it."""
    parts: dict[str, Part] = {}
    for each in notices:
        about = shown.get(each.subject)
        part = parts.setdefault(each.subject, Part(about.label if about else ""))
        part.lines.append(
            Line(
                title=title_of(each, about),
                because=str(each.because) or str(kind_of(each.kind).because),
                at=each.created_at,
                path=each.url,
            )
        )
    return list(parts.values())


def title_of(notice: Notice, about: SubjectShown | None) -> str:
    """Return what may be said of a notice now: of a confidential thing its kind and number, never its words."""
    if about is not None and about.hush:
        return gettext("%(kind)s: %(label)s") % {
            "kind": kind_of(notice.kind).label,
            "label": about.label,
        }
    return str(notice.title)


def _one_subject(notices: list[Notice]) -> bool:
    return bool(notices[0].subject) and len({each.subject for each in notices}) == 1


def _headline(
    bundle: NoticeBundle, notices: list[Notice], shown: Mapping[str, SubjectShown]
) -> str:
    count, first = len(notices), notices[0]
    if count == 1:
        text = title_of(first, shown.get(first.subject))
    elif bundle.is_digest:
        text = ngettext("Your digest: %(count)s notice", "Your digest: %(count)s notices", count)
        text %= {"count": count}
    elif _one_subject(notices):
        text = gettext("%(count)s notices about %(label)s") % {
            "count": count,
            "label": shown[first.subject].label,
        }
    else:
        text = gettext("%(count)s notices for you") % {"count": count}
    return " ".join(text.split())


def footer(context: Mapping[str, Any]) -> Footer | None:
    """Return the links below the mail of a bundle."""
    public_id = context.get(_BUNDLE)
    if not public_id:
        return None
    kind, _colon, number = str(context.get(_MUTE, "")).partition(":")
    return Footer(
        preferences=reverse("notices:preferences"),
        mute=reverse("notices:mute", args=[kind, number]) if number else "",
        stop=reverse("notices:stop", args=[_STOP.sign(str(public_id))]),
    )


def bundle_of(token: str) -> NoticeBundle | None:
    """Return the message a stop link belongs to; None for a token that is not ours or too old to be kept."""
    try:
        public_id = _STOP.unsign(token)
    except signing.BadSignature:
        return None
    return NoticeBundle.objects.select_related("person").filter(public_id=public_id).first()
