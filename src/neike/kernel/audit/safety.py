"""Triggers that keep the record append-only, for both databases."""

from neike.kernel.registries import SAFETY_OBJECTS, SafetyObject
from neike.kernel.safety import append_only

_VALUES = "audit_auditvalue"
_REFUSAL = f"{_VALUES} may only be erased"
# A kept value may only be erased: everything else about it stays as it was written.
_NOT_ERASING = (
    "NEW.value IS NOT NULL OR NEW.salt <> '' OR NEW.digest <> OLD.digest OR NEW.id <> OLD.id"
)
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION audit_value_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
)


def _guard(event: str, when: str) -> SafetyObject:
    """Return the trigger that refuses `event` on a kept value; `when` is "" or a condition."""
    name = f"audit_value_no_{event.lower()}"
    condition = f"WHEN ({when})" if when else ""
    head = f"CREATE TRIGGER {name} BEFORE {event} ON {_VALUES} FOR EACH ROW {condition}"
    return SafetyObject(
        key=name,
        order=20,
        table=_VALUES,
        sql={
            "sqlite": (
                f"DROP TRIGGER IF EXISTS {name}",
                f"{head} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
            ),
            "postgresql": (
                _FUNCTION,
                f"DROP TRIGGER IF EXISTS {name} ON {_VALUES}",
                f"{head} EXECUTE FUNCTION audit_value_refuse()",
            ),
        },
        probe={
            "sqlite": f"SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = '{name}'",  # noqa: S608 - constants
            "postgresql": f"SELECT 1 FROM pg_trigger WHERE tgenabled = 'O' AND tgname = '{name}'",  # noqa: S608 - constants
        },
    )


def register() -> None:
    """Register the triggers; they are installed after every migrate."""
    for table in ("audit_auditentry", "audit_auditseal"):
        SAFETY_OBJECTS.register(append_only(table))
    SAFETY_OBJECTS.register(_guard("UPDATE", _NOT_ERASING))
    SAFETY_OBJECTS.register(_guard("DELETE", ""))
