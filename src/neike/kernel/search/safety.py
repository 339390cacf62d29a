"""The triggers that keep SQLite's full-text table in step with the entries; PostgreSQL does it by itself."""

from neike.kernel.registries import SAFETY_OBJECTS, SafetyObject

_TABLE = "search_searchentry"
_ADD = (
    "INSERT INTO search_fts (rowid, title_tokens, tokens, readers) "
    "VALUES (new.id, new.title_tokens, new.tokens, new.readers);"
)
_REMOVE = (
    "INSERT INTO search_fts (search_fts, rowid, title_tokens, tokens, readers) "
    "VALUES ('delete', old.id, old.title_tokens, old.tokens, old.readers);"
)
_TRIGGERS = {
    "search_fts_added": ("INSERT", _ADD),
    "search_fts_removed": ("DELETE", _REMOVE),
    "search_fts_changed": ("UPDATE", _REMOVE + " " + _ADD),
}


def register() -> None:
    """Register the triggers; they are installed after every migrate, where the full-text table is."""
    for order, (name, (event, body)) in enumerate(_TRIGGERS.items()):
        SAFETY_OBJECTS.register(
            SafetyObject(
                key=name,
                order=40 + order,
                table="search_fts",
                sql={
                    "sqlite": (
                        f"DROP TRIGGER IF EXISTS {name}",
                        f"CREATE TRIGGER {name} AFTER {event} ON {_TABLE} BEGIN {body} END",
                    ),
                    "postgresql": (),
                },
                probe={
                    "sqlite": f"SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = '{name}'",  # noqa: S608 - constants
                    "postgresql": "SELECT 1",
                },
            )
        )
