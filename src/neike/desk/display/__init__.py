"""What people are shown of requests: states, promises, reasons and history in words and drawings."""
