"""Pages of the desk, by noun: the queue, a request and what can be done with it."""
