"""Builders: one plain typed function per model, sensible where the test does not care."""

from tests.make.org import account, administrator, department, grant, person, placement

__all__ = ["account", "administrator", "department", "grant", "person", "placement"]
