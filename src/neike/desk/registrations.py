"""What the desk shows and holds through the registries of the kernel."""

from neike.kernel.registries import SAFETY_OBJECTS
from neike.kernel.safety import append_only

SAFETY_OBJECTS.register(append_only("desk_ticketevent"))
