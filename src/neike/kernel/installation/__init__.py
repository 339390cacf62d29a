"""The settings of this installation: name, logo, zone, fiscal start, languages."""
