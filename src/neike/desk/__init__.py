"""Requests on their way: events, legs, clocks, messages."""
