"""Neike 内客: departments serve one another as they would serve paying customers."""
