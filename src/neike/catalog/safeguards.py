"""Triggers that keep what was promised: a published standard, its targets and steps, and a published form."""

from typing import Final

from neike.kernel.registries import SafetyObject
from neike.kernel.safety import append_only

STANDARD: Final = "catalog_servicestandard"
PARTS: Final = ("catalog_standardtarget", "catalog_standardstep")
_PUBLISHED: Final = "published"


def _probes(table: str, trigger: str, count: int) -> dict[str, str]:
    return {
        "sqlite": f"SELECT 1 WHERE {count} = (SELECT count(*) FROM sqlite_master WHERE type = 'trigger' "  # noqa: S608 - our own names
        f"AND tbl_name = '{table}' AND name LIKE '{trigger}!_%' ESCAPE '!')",
        "postgresql": "SELECT 1 FROM pg_trigger WHERE tgenabled = 'O' "  # noqa: S608 - our own names
        f"AND tgrelid = to_regclass('{table}') AND tgname = '{trigger}'",
    }


def _standard_is_fixed() -> SafetyObject:
    """Return the entry that refuses any change of a published standard."""
    trigger = "catalog_standard_fixed"
    said = "a published service standard is never changed"
    sqlite: list[str] = []
    for verb in ("UPDATE", "DELETE"):
        name = f"{trigger}_{verb.lower()}"
        sqlite += [
            f"DROP TRIGGER IF EXISTS {name}",
            (
                f"CREATE TRIGGER {name} BEFORE {verb} ON {STANDARD} WHEN OLD.state = '{_PUBLISHED}' "
                f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
            ),
        ]
    postgresql = (
        (
            f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        ),
        f"DROP TRIGGER IF EXISTS {trigger} ON {STANDARD}",
        (
            f"CREATE TRIGGER {trigger} BEFORE UPDATE OR DELETE ON {STANDARD} FOR EACH ROW "
            f"WHEN (OLD.state = '{_PUBLISHED}') EXECUTE FUNCTION {trigger}()"
        ),
    )
    return SafetyObject(
        key=trigger,
        order=210,
        table=STANDARD,
        sql={"sqlite": tuple(sqlite), "postgresql": postgresql},
        probe=_probes(STANDARD, trigger, 2),
    )


def _part_is_fixed(table: str) -> SafetyObject:
    """Return the entry that refuses to add, change or remove a part of a published standard."""
    trigger = f"{table}_fixed"
    said = "targets and steps of a published service standard are never changed"
    sqlite: list[str] = []
    for verb, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
        name = f"{trigger}_{verb.lower()}"
        sqlite += [
            f"DROP TRIGGER IF EXISTS {name}",
            (
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                f"WHEN {' OR '.join(_is_published(row) for row in rows)} "
                f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
            ),
        ]
    postgresql = (
        (
            f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF (TG_OP <> 'INSERT' AND {_is_published('OLD')}) "
            f"OR (TG_OP <> 'DELETE' AND {_is_published('NEW')}) THEN "
            f"RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        ),
        f"DROP TRIGGER IF EXISTS {trigger} ON {table}",
        (
            f"CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {trigger}()"
        ),
    )
    return SafetyObject(
        key=trigger,
        order=211,
        table=table,
        sql={"sqlite": tuple(sqlite), "postgresql": postgresql},
        probe=_probes(table, trigger, 3),
    )


def _is_published(row: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM {STANDARD} s "  # noqa: S608 - our own names
        f"WHERE s.id = {row}.standard_id AND s.state = '{_PUBLISHED}')"
    )


def safety_objects() -> list[SafetyObject]:
    """Return every entry of the catalogue for the registry."""
    return [
        append_only("catalog_formversion", order=209),
        _standard_is_fixed(),
        *(_part_is_fixed(table) for table in PARTS),
    ]
