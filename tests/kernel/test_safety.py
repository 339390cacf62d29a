"""Append-only really is, on both databases, also after Django rebuilt the table."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from neike.kernel import safety
from neike.kernel.registries import SAFETY_OBJECTS

TABLE = "safety_probe"


@pytest.fixture
def probe_table(db, monkeypatch):
    """A table of its own with an append-only entry registered for it."""
    monkeypatch.setattr(SAFETY_OBJECTS, "_entries", dict(SAFETY_OBJECTS._entries))
    SAFETY_OBJECTS.register(safety.append_only(TABLE))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE safety_probe (id integer PRIMARY KEY, word varchar(20))")
        cursor.execute("INSERT INTO safety_probe VALUES (1, 'said')")
    return TABLE


def _execute(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_every_registered_object_is_in_the_migrated_database(db):
    assert safety.missing_safety_objects() == []


def test_an_uninstalled_object_is_reported_missing_and_installing_twice_mends_it(probe_table):
    assert safety.missing_safety_objects() == [f"{TABLE}_append_only"]

    safety.install_safety_objects()
    safety.install_safety_objects()

    assert safety.missing_safety_objects() == []


@pytest.mark.parametrize(
    "sql", ["UPDATE safety_probe SET word = 'unsaid'", "DELETE FROM safety_probe WHERE id = 1"]
)
def test_append_only_refuses_change_and_names_the_table(probe_table, sql):
    safety.install_safety_objects()

    with pytest.raises(DatabaseError, match=f"{TABLE} is append-only"):
        _execute(sql)

    _execute("INSERT INTO safety_probe VALUES (2, 'more')")


def test_objects_whose_table_is_elsewhere_are_neither_installed_nor_missed(db, monkeypatch):
    monkeypatch.setattr(SAFETY_OBJECTS, "_entries", {})
    SAFETY_OBJECTS.register(safety.append_only("in_another_database"))

    assert safety.install_safety_objects() == []
    assert safety.missing_safety_objects() == []


@pytest.mark.parametrize("name", ["Robert'); DROP TABLE", "", "x" * 42])
def test_a_table_name_that_is_not_plain_is_refused(name):
    with pytest.raises(ValueError, match="not a table name"):
        safety.append_only(name)


class _Probe(models.Model):
    word = models.CharField(max_length=20)

    class Meta:
        app_label = "safety"
        db_table = TABLE
        managed = False

    def __str__(self) -> str:
        return self.word


def test_an_older_database_with_its_triggers_is_brought_up_to_date(tmp_path):
    """SQLite builds a changed table anew, and cannot while a trigger names it."""
    environment = {
        **os.environ,
        "NEIKE_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "neike.config.settings",
        "NEIKE_DATABASE_URL": "",
    }

    def run(*words: str) -> None:
        command = [sys.executable, "-m", "neike.config.cli", *words]
        subprocess.run(command, env=environment, check=True, capture_output=True)

    run("migrate", "-v", "0")
    run("migrate", "catalog", "0002", "-v", "0")
    [database] = tmp_path.glob("*.sqlite3")
    with closing(sqlite3.connect(database)) as older:
        before = older.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'")
        assert before.fetchone()[0] > 0
    run("migrate", "-v", "0")
    with closing(sqlite3.connect(database)) as newer:
        fixed = "name LIKE 'catalog_standardstep_fixed%'"
        after = newer.execute(f"SELECT count(*) FROM sqlite_master WHERE {fixed}")  # noqa: S608 - our own
        assert after.fetchone()[0] == 3


@pytest.mark.django_db(transaction=True)
def test_migrate_installs_again_after_django_rebuilt_the_table(monkeypatch):
    monkeypatch.setattr(SAFETY_OBJECTS, "_entries", {})
    SAFETY_OBJECTS.register(safety.append_only(TABLE))
    with connection.schema_editor() as editor:
        editor.create_model(_Probe)
    try:
        safety.install_safety_objects()
        wider = models.CharField(max_length=40)
        wider.set_attributes_from_name("word")
        wider.model = _Probe
        with connection.schema_editor() as editor:
            editor.alter_field(_Probe, _Probe._meta.get_field("word"), wider, strict=True)
            if connection.vendor == "sqlite":
                editor._remake_table(_Probe)  # type: ignore[attr-defined]  # SQLite's own

        call_command("migrate", verbosity=0)

        assert safety.missing_safety_objects() == []
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(_Probe)
