"""The table behind the cache that all processes share; the sign-in library counts its attempts there."""

from django.core.management import call_command
from django.db import migrations


def create_table(_apps, schema_editor):
    """Create the table unless it is there."""
    call_command("createcachetable", "kernel_cache", database=schema_editor.connection.alias, verbosity=0)


def drop_table(_apps, schema_editor):
    """Drop the table."""
    schema_editor.execute("DROP TABLE IF EXISTS kernel_cache")


class Migration(migrations.Migration):
    dependencies = [("limits", "0001_initial")]

    operations = [migrations.RunPython(create_table, drop_table)]
