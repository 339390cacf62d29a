"""Who finds an entry stands in the full-text index itself, so that words and rights are looked up together."""

from django.db import migrations, models

TOKENIZER = "\"unicode61 remove_diacritics 0 tokenchars '#~.:-_'\""
READERS = """UPDATE search_searchentry SET readers = '~' || kind || coalesce((
    SELECT {join} FROM search_searchscope s WHERE s.entry_id = search_searchentry.id), '')"""
FORWARD = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS search_fts_added",
        "DROP TRIGGER IF EXISTS search_fts_removed",
        "DROP TRIGGER IF EXISTS search_fts_changed",
        "DROP TABLE search_fts",
        READERS.format(join="group_concat(' #' || s.scope_type || ':' || s.scope_id, '')"),
        "CREATE VIRTUAL TABLE search_fts USING fts5(title_tokens, tokens, readers, "
        f"content='search_searchentry', content_rowid='id', tokenize={TOKENIZER})",
        "INSERT INTO search_fts (search_fts) VALUES ('rebuild')",
    ],
    "postgresql": [
        "ALTER TABLE search_searchentry DROP COLUMN document",
        READERS.format(join="string_agg(' #' || s.scope_type || ':' || s.scope_id, '')"),
        "ALTER TABLE search_searchentry ADD COLUMN document tsvector GENERATED ALWAYS AS ("
        "setweight(to_tsvector('simple', title_tokens), 'A') || "
        "setweight(to_tsvector('simple', tokens), 'D') || "
        "array_to_tsvector(string_to_array(readers, ' ') || ARRAY['@' || (id / 16384)::text])) STORED",
        "CREATE INDEX search_document ON search_searchentry USING gin (document)",
    ],
}


def run(_apps, schema_editor):
    for statement in FORWARD[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_full_text")]

    operations = [
        migrations.AddField("searchentry", "readers", models.TextField(blank=True, default="")),
        migrations.RunPython(run),
        migrations.DeleteModel("SearchScope"),
    ]
