"""The settings as they are now."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

from django.http import HttpRequest, HttpResponse

from neike.kernel.installation.models import Installation
from neike.kernel.memory import Memo

_KEY: Final = "current"
_memo: Memo[str, Installation] = Memo("installation")


def current() -> Installation:
    """Return the settings; the product's defaults, unsaved, before anybody changed one. Do not change the row.

    One small query, and within one request or job only one.
    """
    return _memo.get(_KEY, _read)


def _read() -> Installation:
    return Installation.objects.select_related("logo").first() or Installation()


def forget() -> None:
    """Make the next `current()` of this request or job look again."""
    _memo.forget()


def remembered() -> AbstractContextManager[None]:
    """Look the settings up once inside the block: for one job, one delivery, one run of a command."""
    return _memo.kept()


def remembered_per_request(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: within one request the settings are looked up once, and they do not change half-way."""

    def answer(request: HttpRequest) -> HttpResponse:
        with remembered():
            return get_response(request)

    return answer
