"""The triggers that draw a new token when a table of a topic changes, written for both databases."""

import re
from collections.abc import Sequence

from neike.kernel.registries import SafetyObject

_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


def stamped(
    topic: str, table: str, *, columns: Sequence[str] = (), order: int = 300
) -> SafetyObject:
    """Return the entry that draws a new token of `topic` whenever `table` changes.

    With `columns`, only when an existing row gets another value in one of them. Installing draws a new token too: what a
    migration did unseen is over then.

    Raises:
        ValueError: a name is not a plain lower-case one of at most 41 characters.
    """
    for name in (topic, table, *columns):
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a plain name: {name!r}")
    trigger = f"{table}_stamps_{topic}"
    sqlite, installed = _sqlite(topic, table, columns, trigger)
    return SafetyObject(
        key=trigger,
        order=order,
        table=table,
        sql={"sqlite": sqlite, "postgresql": _postgresql(topic, table, columns, trigger)},
        probe={
            "sqlite": f"SELECT 1 WHERE {installed} = (SELECT count(*) FROM sqlite_master "  # noqa: S608 - checked names
            f"WHERE type = 'trigger' AND tbl_name = '{table}' AND name LIKE '{trigger}!_%' ESCAPE '!')",
            "postgresql": "SELECT 1 FROM pg_trigger WHERE tgenabled = 'O' "  # noqa: S608 - checked names
            f"AND tgrelid = to_regclass('{table}') AND tgname = '{trigger}'",
        },
    )


def _draw(topic: str, random: str) -> str:
    return (
        f"INSERT INTO stamps_stamp (topic, token) VALUES ('{topic}', {random}) "  # noqa: S608 - checked names
        "ON CONFLICT (topic) DO UPDATE SET token = excluded.token"
    )


def _sqlite(
    topic: str, table: str, columns: Sequence[str], trigger: str
) -> tuple[tuple[str, ...], int]:
    draw = _draw(topic, "lower(hex(randomblob(16)))")
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
    condition = f"WHEN {changed} " if columns else ""
    verbs = ("update",) if columns else ("insert", "update", "delete")
    statements = [draw]
    for verb in verbs:
        name = f"{trigger}_{verb}"
        statements.append(f"DROP TRIGGER IF EXISTS {name}")
        statements.append(
            f"CREATE TRIGGER {name} AFTER {verb.upper()} ON {table} {condition}BEGIN {draw}; END"
        )
    return tuple(statements), len(verbs)


def _postgresql(topic: str, table: str, columns: Sequence[str], trigger: str) -> tuple[str, ...]:
    draw = _draw(topic, "replace(gen_random_uuid()::text, '-', '')")
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    when = f"FOR EACH ROW WHEN ({changed})"
    head = (
        f"AFTER UPDATE ON {table} {when}"
        if columns
        else f"AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH STATEMENT"
    )
    return (
        draw,
        (
            f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {draw}; RETURN NULL; END $$"
        ),
        f"DROP TRIGGER IF EXISTS {trigger} ON {table}",
        f"CREATE TRIGGER {trigger} {head} EXECUTE FUNCTION {trigger}()",
    )
