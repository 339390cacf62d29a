"""Several relations confirmed with one button: exactly those that were on the page, as they were on it."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from neike.kernel.limits import limited
from neike.kernel.policies import policy
from neike.relations import actions, queries
from neike.relations.choices import Side
from neike.relations.queries.mine import MOST
from neike.relations.views.reading import Reader, reader_of

_SIDES: Final = frozenset({Side.PROVIDER.value, Side.CUSTOMER.value})
_PARTS: Final = 3


@require_POST
@policy("relations.use")
@limited("relations.together", "30/m")
def confirm_together(request: HttpRequest) -> HttpResponse:
    """Confirm every relation named as `id:version:side`; what has changed since it was shown is left for another look."""
    reader = reader_of(request)
    confirmed = left = 0
    for public_id, version, side in _named(request.POST.getlist("seen")[:MOST]):
        if _confirm(reader, public_id, version, side):
            confirmed += 1
        else:
            left += 1
    _tell(request, confirmed, left)
    return HttpResponseRedirect(reverse("relations:mine"))


def _named(seen: list[str]) -> Iterator[tuple[UUID, int, str]]:
    for each in seen:
        parts = each.split(":")
        if len(parts) != _PARTS or parts[2] not in _SIDES:
            continue
        try:
            yield UUID(parts[0]), int(parts[1]), parts[2]
        except ValueError:
            continue


def _confirm(reader: Reader, public_id: UUID, version: int, side: str) -> bool:
    relation = queries.relations_visible_to(reader.who).filter(public_id=public_id).first()
    if relation is None:
        return False
    try:
        actions.confirm(
            relation=relation, by=reader.person, version=version, side=side, now=reader.now
        )
    except actions.RelationError:
        return False
    return True


def _tell(request: HttpRequest, confirmed: int, left: int) -> None:
    if confirmed:
        said = ngettext(
            "%(count)d relation confirmed. Thank you.",
            "%(count)d relations confirmed. Thank you.",
            confirmed,
        )
        messages.success(request, said % {"count": confirmed})
    if left:
        said = ngettext(
            "%(count)d relation has changed since it was shown. Please look at it again.",
            "%(count)d relations have changed since they were shown. Please look at them again.",
            left,
        )
        messages.warning(request, said % {"count": left})
    if not confirmed and not left:
        messages.info(request, _("There was nothing to confirm."))
