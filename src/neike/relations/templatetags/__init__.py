"""Tags of the relations' templates."""
