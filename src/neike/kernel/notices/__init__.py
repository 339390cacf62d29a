"""Notifications inside the product."""
