"""The management commands of background work."""
