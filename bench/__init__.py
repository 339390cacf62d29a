"""Benchmarks: run on request, reported, never asserted. `python -m bench [name ...]`."""
