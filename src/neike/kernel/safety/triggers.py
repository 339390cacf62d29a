"""Triggers that keep a promise inside the database itself, written for both databases."""

import re

from neike.kernel.registries import SafetyObject

_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


def append_only(table: str, *, order: int = 100) -> SafetyObject:
    """Return the entry that refuses UPDATE and DELETE on `table`, with a message naming the table.

    Row triggers: PostgreSQL's TRUNCATE, which empties a test database, is not refused. On SQLite a test
    database is emptied by DELETE; see `lift_safety_objects`.

    Raises:
        ValueError: `table` is not a plain lower-case name of at most 41 characters.
    """
    if not _NAME.fullmatch(table):
        raise ValueError(f"not a table name: {table!r}")
    trigger = f"{table}_append_only"
    return SafetyObject(
        key=trigger,
        order=order,
        table=table,
        sql={"sqlite": _sqlite(table, trigger), "postgresql": _postgresql(table, trigger)},
        probe={
            "sqlite": "SELECT 1 WHERE 2 = (SELECT count(*) FROM sqlite_master WHERE type = 'trigger' "  # noqa: S608 - checked name
            f"AND tbl_name = '{table}' AND name IN ('{trigger}_update', '{trigger}_delete'))",
            "postgresql": "SELECT 1 FROM pg_trigger WHERE tgenabled = 'O' "  # noqa: S608 - checked name
            f"AND tgrelid = to_regclass('{table}') AND tgname = '{trigger}'",
        },
    )


def _sqlite(table: str, trigger: str) -> tuple[str, ...]:
    statements: list[str] = []
    for verb in ("UPDATE", "DELETE"):
        name = f"{trigger}_{verb.lower()}"
        refusal = f"SELECT RAISE(ABORT, '{table} is append-only: {verb} refused')"
        statements.append(f"DROP TRIGGER IF EXISTS {name}")
        statements.append(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN {refusal}; END")
    return tuple(statements)


def _postgresql(table: str, trigger: str) -> tuple[str, ...]:
    refusal = (
        f"RAISE EXCEPTION '{table} is append-only: % refused', TG_OP "
        "USING ERRCODE = 'integrity_constraint_violation'"
    )
    events = f"BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {trigger}()"
    return (
        f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refusal}; END $$",
        f"DROP TRIGGER IF EXISTS {trigger} ON {table}",
        f"CREATE TRIGGER {trigger} {events}",
    )
