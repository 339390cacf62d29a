"""Events told upward: an outbox row in the same transaction, one delivery per receiver."""
