"""Template tags about the audit record."""
