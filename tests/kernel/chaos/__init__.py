"""A small app of jobs and receivers for tests that kill and freeze real workers."""
