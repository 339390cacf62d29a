"""Write what positions were over time as terms: out of their past, their present, their end, and the terms of files."""

from datetime import date, timedelta
from itertools import pairwise

from django.db import migrations
from django.db.models import Min

_BATCH = 500
_DAY = timedelta(days=1)


def forward(apps, schema_editor):
    Position = apps.get_model('org', 'Position')
    Version = apps.get_model('org', 'DepartmentVersion')
    founded = dict(Version.objects.order_by().values_list('department').annotate(first=Min('valid_from')))
    keys = list(Position.objects.order_by('pk').values_list('pk', flat=True))
    for start in range(0, len(keys), _BATCH):
        _fill(apps, keys[start : start + _BATCH], founded)


def _fill(apps, keys, founded):
    Position, PostTerm = apps.get_model('org', 'Position'), apps.get_model('org', 'PostTerm')
    Placement = apps.get_model('org', 'Placement')
    begun = dict(
        Placement.objects.filter(position__in=keys).order_by()
        .values_list('position').annotate(first=Min('valid_from'))
    )
    past, terms = {}, {}
    for row in apps.get_model('org', 'PositionPast').objects.filter(position__in=keys).order_by('valid_to'):
        past.setdefault(row.position_id, []).append(row)
    for row in PostTerm.objects.filter(position__in=keys).order_by('valid_from'):
        terms.setdefault(row.position_id, []).append(row)
    Position.objects.filter(pk__in=list(terms)).update(imported_from='posts')
    made = []
    for position in Position.objects.filter(pk__in=keys).order_by('pk'):
        first = [day for day in (founded.get(position.department_id), begun.get(position.pk)) if day]
        made += _terms_of(
            PostTerm, position, past.get(position.pk, []), terms.get(position.pk, []),
            min(first, default=date(2000, 1, 1)), begun.get(position.pk),
        )
    PostTerm.objects.filter(position__in=keys).delete()
    PostTerm.objects.bulk_create(made)


def _terms_of(PostTerm, position, past, told, founded, begun):
    """Return the terms of one position; a file's gap between two of its terms stays a gap."""
    start = founded
    if told:
        start = min([told[0].valid_from, *([begun] if begun else [])])
    if past and past[0].valid_to <= start:
        start = min(founded, past[0].valid_to - _DAY)
    end = position.closed_on
    if end is not None and end <= start:
        start = end - _DAY
    cuts = {start, *(row.valid_to for row in past), *(row.valid_from for row in told)}
    cuts |= {row.valid_to for row in told if row.valid_to}
    days = sorted(day for day in cuts if day >= start and (end is None or day < end))
    found = []
    for day, until in pairwise([*days, end]):
        held = next((row for row in told if row.valid_from <= day and (row.valid_to is None or row.valid_to > day)), None)
        before = any(row.valid_from > day for row in told)
        if held is None and before and any(row.valid_to and row.valid_to <= day for row in told):
            continue
        last = held or (told[-1] if told and not before else None)
        was = next((row for row in past if row.valid_to > day), position)
        values = {
            'department_id': was.department_id,
            'title': was.title,
            'reports_to_id': last.reports_to_id if last else None,
            'places': last.places if last else 1,
        }
        joins = found and found[-1].valid_to == day
        if joins and all(getattr(found[-1], name) == value for name, value in values.items()):
            found[-1].valid_to = until
        else:
            found.append(PostTerm(position_id=position.pk, valid_from=day, valid_to=until, **values))
    return found


def backward(apps, schema_editor):
    """Write the past and the end of positions again; the terms stay as they are."""
    Past, Position = apps.get_model('org', 'PositionPast'), apps.get_model('org', 'Position')
    rows = apps.get_model('org', 'PostTerm').objects.order_by('position', 'valid_from')
    past, ends = [], {}
    for before, after in pairwise([*rows.iterator(), None]):
        if after is None or after.position_id != before.position_id:
            ends[before.position_id] = before.valid_to
        elif (before.department_id, before.title) != (after.department_id, after.title):
            past.append(Past(
                position_id=before.position_id, department_id=before.department_id,
                title=before.title, valid_to=after.valid_from,
            ))
    Past.objects.bulk_create(past, batch_size=_BATCH)
    for key, day in ends.items():
        if day is not None:
            Position.objects.filter(pk=key).update(closed_on=day)


class Migration(migrations.Migration):

    dependencies = [
        ('org', '0008_post_terms_tell_all'),
    ]

    operations = [migrations.RunPython(forward, backward)]
