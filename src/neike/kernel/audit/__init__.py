"""The append-only record of who changed what, sealed in a hash chain."""
