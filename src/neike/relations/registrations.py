"""What relations show and protect elsewhere in the product."""

from neike.kernel.registries import SAFETY_OBJECTS
from neike.relations.safeguards import safety_objects

for _entry in safety_objects():
    SAFETY_OBJECTS.register(_entry)
