"""Builders: one plain typed function per model, sensible where the test does not care."""

from tests.make.org import department, person, placement

__all__ = ["department", "person", "placement"]
