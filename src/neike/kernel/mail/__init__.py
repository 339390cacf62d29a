"""Outbound mail in both languages through the outbox, and the catcher of the demo."""
