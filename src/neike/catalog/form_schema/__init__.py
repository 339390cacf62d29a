"""The fields of a request form: what a form may hold, when a field shows, and whether answers fit.

Pure: knows JSON and languages, no database.
"""

from neike.catalog.form_schema.answers import validate
from neike.catalog.form_schema.conditions import Condition, visible_fields
from neike.catalog.form_schema.fields import (
    ANSWERED_TYPES,
    COLUMN_TYPES,
    TEXT_TYPES,
    Choice,
    Field,
    FieldType,
    Schema,
    SchemaError,
    minor_units,
)
from neike.catalog.form_schema.reading import dump, parse, parse_condition

__all__ = [
    "ANSWERED_TYPES",
    "COLUMN_TYPES",
    "TEXT_TYPES",
    "Choice",
    "Condition",
    "Field",
    "FieldType",
    "Schema",
    "SchemaError",
    "dump",
    "minor_units",
    "parse",
    "parse_condition",
    "validate",
    "visible_fields",
]
