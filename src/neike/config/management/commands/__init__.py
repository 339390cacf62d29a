"""Commands of the installed product."""
