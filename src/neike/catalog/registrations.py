"""What the catalogue shows and protects elsewhere in the product."""

from django.utils.translation import gettext_lazy as _

from neike.catalog.safeguards import safety_objects
from neike.kernel.registries import NAVIGATION, SAFETY_OBJECTS, NavigationEntry

for _entry in safety_objects():
    SAFETY_OBJECTS.register(_entry)

NAVIGATION.register(
    NavigationEntry(
        key="catalog",
        order=30,
        label=_("Service catalogue"),
        icon="catalog",
        url_name="catalog:browse",
    )
)
