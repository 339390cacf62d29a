"""No tables: the framework sends its post-migrate signal only to apps that have this module."""
