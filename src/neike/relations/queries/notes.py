"""A person's own notes."""

from collections.abc import Iterable

from django.db.models import QuerySet

from neike.org.models import Person
from neike.relations.models import RelationNote, ServiceRelation


def notes_visible_to(person: Person) -> QuerySet[RelationNote]:
    """Return a person's own notes; nobody else's, whatever their role."""
    return RelationNote.objects.filter(person=person)


def note_of(relation: ServiceRelation, *, person: Person) -> RelationNote | None:
    """Return a person's own note about a relation."""
    return notes_visible_to(person).filter(relation=relation).first()


def notes_of(relations: Iterable[ServiceRelation], *, person: Person) -> dict[int, RelationNote]:
    """Return a person's own notes about some relations, by the relation's id, in one query."""
    ids = [relation.pk for relation in relations]
    return {note.relation_id: note for note in notes_visible_to(person).filter(relation__in=ids)}
