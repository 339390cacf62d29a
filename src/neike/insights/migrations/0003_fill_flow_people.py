"""Fill in who worked on the legs that are counted already, as the projection does it for new ones."""

from django.db import migrations
from django.db.models import Case, F, OuterRef, Subquery, When
from django.db.models.functions import Coalesce


def fill(apps, _schema_editor):
    flow, leg, segment = (
        apps.get_model(*name)
        for name in (("insights", "LegFlow"), ("desk", "Leg"), ("desk", "Segment"))
    )
    of_flow = leg.objects.filter(pk=OuterRef("leg_id"))
    held = segment.objects.filter(
        leg=OuterRef("leg_id"), person__isnull=False, waiting_on="supplier"
    ).order_by("-seq")
    received = Case(
        When(parent_no__isnull=True, then=F("ticket__requester_id")), default=F("offered_by_id")
    )
    asked = Case(When(parent_no__isnull=True, then=False), default=True)
    flow.objects.update(
        provider_person_id=Coalesce(
            Subquery(of_flow.values("assignee_id")), Subquery(held.values("person_id")[:1])
        ),
        customer_person_id=Subquery(of_flow.values(found=received)),
        handed_over=Subquery(of_flow.values(found=asked)),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("insights", "0002_flow_people"),
        ("desk", "0002_leg_indexes"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
