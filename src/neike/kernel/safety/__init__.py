"""Database objects Django does not know (triggers), re-installed after every migrate."""

from neike.kernel.safety.install import (
    install_safety_objects,
    lift_safety_objects,
    missing_safety_objects,
)
from neike.kernel.safety.triggers import append_only

__all__ = [
    "append_only",
    "install_safety_objects",
    "lift_safety_objects",
    "missing_safety_objects",
]
