"""What the catalogue shows and protects elsewhere in the product."""

from neike.catalog.safeguards import safety_objects
from neike.kernel.registries import SAFETY_OBJECTS

for _entry in safety_objects():
    SAFETY_OBJECTS.register(_entry)
