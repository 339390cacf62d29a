"""The way in: home, the department loop page, search."""
