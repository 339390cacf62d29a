"""Pure calculation: frozen values in, frozen values out; no framework, no clock, no I/O."""
