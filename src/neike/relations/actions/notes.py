"""Private notes: written, replaced and thrown away by one person. Nothing of it is told or recorded."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from neike.kernel.policies import require
from neike.org.models import Person
from neike.relations import policies
from neike.relations.actions.errors import BadValueError
from neike.relations.models import RelationNote, ServiceRelation

NOTE_LIMIT: Final = 4000


@transaction.atomic
def write_note(
    *, relation: ServiceRelation, by: Person, text: str, now: datetime
) -> RelationNote | None:
    """Keep a person's own note about a relation; an empty text removes it (None). Ended relations, too.

    Raises:
        PermissionDenied: `by` may not see the relation.
        BadValueError: the text is too long.
    """
    require(policies.may_read(policies.standing(by, now=now), relation))
    said = text.strip()
    if not said:
        RelationNote.objects.filter(relation=relation, person=by).delete()
        return None
    if len(said) > NOTE_LIMIT:
        raise BadValueError(
            "text", _("Please write at most %(limit)d characters.") % {"limit": NOTE_LIMIT}
        )
    note, _created = RelationNote.objects.update_or_create(
        relation=relation, person=by, defaults={"text": said, "written_at": now}
    )
    return note


def forget_notes(person_id: int) -> None:
    """Throw away all notes of an erased person: nobody else may read them, so nobody can want them kept."""
    RelationNote.objects.filter(person=person_id).delete()
