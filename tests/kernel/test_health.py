"""Whether the product lives and is ready: one word, no login, no session."""

import json

import pytest
from django.db import connection

from neike.kernel.health import probes


@pytest.fixture(autouse=True)
def _fresh(tmp_path, settings, monkeypatch):
    monkeypatch.setattr(probes, "_migrations_seen", set())
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
    }


def _asked(client, path):
    response = client.get(path)
    return response.status_code, json.loads(response.content)


def test_a_live_process_says_so_without_asking_the_database(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert _asked(client, "/health/live") == (200, {"status": "ok"})


def test_ready_when_everything_works_and_nothing_is_left_behind(client, db, tmp_path):
    response = client.get("/health/ready")

    assert (response.status_code, json.loads(response.content)) == (200, {"status": "ok"})
    assert (response.cookies, "no-store" in response["Cache-Control"]) == ({}, True)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_second_look_does_not_read_the_migrations_again(client, db, django_assert_num_queries):
    client.get("/health/ready")

    with django_assert_num_queries(1):
        client.get("/health/ready")


def test_not_ready_while_a_migration_is_missing(client, db):
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'search' AND name = "
            "(SELECT max(name) FROM django_migrations WHERE app = 'search')"
        )

    assert _asked(client, "/health/ready") == (503, {"status": "fail"})


def test_not_ready_while_files_cannot_be_written(client, db, tmp_path):
    (tmp_path / "files").write_text("in the way")

    assert _asked(client, "/health/ready") == (503, {"status": "fail"})


def test_not_ready_while_the_database_does_not_answer(client, db, monkeypatch):
    monkeypatch.setitem(probes._PROBES, "database", lambda: False)

    assert _asked(client, "/health/ready") == (503, {"status": "fail"})


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_the_probes_answer_under_any_name_and_nothing_else_does(client, db, path):
    for host in ("10.0.0.7:8000", "evil.example", "[fe80::1]", "a b"):
        assert client.get(path, headers={"host": host}).status_code == 200

    assert client.get("/account/login/", headers={"host": "evil.example"}).status_code == 400
