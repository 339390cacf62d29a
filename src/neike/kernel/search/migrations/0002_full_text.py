"""The full-text index: a table beside the entries on SQLite, a generated column on PostgreSQL."""

from django.db import migrations

FORWARD = {
    "sqlite": [
        "CREATE VIRTUAL TABLE search_fts USING fts5(title_tokens, tokens, "
        "content='search_searchentry', content_rowid='id', tokenize=\"unicode61 remove_diacritics 0\")",
    ],
    "postgresql": [
        "ALTER TABLE search_searchentry ADD COLUMN document tsvector GENERATED ALWAYS AS ("
        "setweight(to_tsvector('simple', title_tokens), 'A') || "
        "setweight(to_tsvector('simple', tokens), 'D')) STORED",
        "CREATE INDEX search_document ON search_searchentry USING gin (document)",
    ],
}
BACKWARD = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS search_fts_added",
        "DROP TRIGGER IF EXISTS search_fts_removed",
        "DROP TRIGGER IF EXISTS search_fts_changed",
        "DROP TABLE search_fts",
    ],
    "postgresql": ["ALTER TABLE search_searchentry DROP COLUMN document"],
}


def _run(statements):
    def run(_apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(_run(FORWARD), _run(BACKWARD))]
