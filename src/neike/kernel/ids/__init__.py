"""Public identifiers: uuid7, sortable by time of creation, unguessable enough for addresses that are still access-checked."""

import uuid

import uuid_utils.compat


def new_public_id() -> uuid.UUID:
    """Return a new uuid7 (RFC 9562)."""
    return uuid_utils.compat.uuid7()
