"""Database objects Django does not know (triggers), re-installed after every migrate."""

from neike.kernel.safety.install import (
    install_safety_objects,
    lift_safety_objects,
    missing_safety_objects,
)
from neike.kernel.safety.maintenance import guards_lifted
from neike.kernel.safety.triggers import append_only

__all__ = [
    "append_only",
    "guards_lifted",
    "install_safety_objects",
    "lift_safety_objects",
    "missing_safety_objects",
]
