"""Tell a person something; mark it as read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from neike.kernel import live
from neike.kernel.notices.models import Notice
from neike.kernel.notices.queries import notices_visible_to
from neike.kernel.texts import LocalizedText


class OutsideAddressError(ValueError):
    """A notice's address is not a path of ours."""


def notify(
    *,
    person: Any,  # noqa: ANN401 - the kernel knows no person class
    kind: str,
    url: str,
    title: Promise | LocalizedText,
    now: datetime,
    key: str = "",
    params: Mapping[str, object] | None = None,
) -> None:
    """Leave a notice for a person, in the caller's transaction.

    `title` is a `gettext_lazy` text with named placeholders, filled from `params` (a `LocalizedText` among
    them speaks the same language), or a text that already exists in several languages. The same `key` leaves
    one notice, ever. `url` is a path; `kind` ("desk.leg_offered") is for filtering.

    Raises:
        OutsideAddressError: `url` leads elsewhere.
        KeyError: a placeholder of the title is not among `params`.
    """
    if not url.startswith("/") or url.startswith("//") or "\\" in url:
        raise OutsideAddressError(url)
    notice = Notice(
        person=person,
        kind=kind,
        url=url,
        title=title if isinstance(title, LocalizedText) else in_every_language(title, params or {}),
        key=key,
        created_at=now,
    )
    Notice.objects.bulk_create([notice], ignore_conflicts=bool(key))
    live.changed(f"person:{person.pk}", now=now)


def in_every_language(text: Promise, params: Mapping[str, object]) -> LocalizedText:
    """Return a text of the product in each of its languages, its placeholders filled."""
    texts: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            template = str(text)
            texts[language] = template % {name: str(value) for name, value in params.items()}
    return LocalizedText(texts, settings.LANGUAGE_CODE)


def mark_read(*, person: Any, notice_id: int, now: datetime) -> Notice | None:  # noqa: ANN401
    """Mark one notice of the person as read and return it; None when there is no such notice of theirs."""
    mine = notices_visible_to(person).filter(pk=notice_id)
    if mine.filter(read_at__isnull=True).update(read_at=now):
        live.changed(f"person:{person.pk}", now=now)
    return mine.first()


def mark_all_read(*, person: Any, now: datetime) -> int:  # noqa: ANN401
    """Mark every notice of the person as read; return how many were unread."""
    read = notices_visible_to(person).filter(read_at__isnull=True).update(read_at=now)
    if read:
        live.changed(f"person:{person.pk}", now=now)
    return read
