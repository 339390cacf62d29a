"""Departments, positions, people, roles, substitution, calendars and periods."""
