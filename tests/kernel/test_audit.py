"""The audit record: what enters it, who reads it, and what the chain notices."""

import hashlib
import hmac
import json
import threading
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from neike.kernel import audit
from neike.kernel.audit import queries, sealing
from neike.kernel.audit.models import AuditEntry, AuditSeal, AuditValue
from neike.kernel.audit.safety import register as safety_objects_registered
from neike.kernel.registries import NIGHTLY_CHECKS, SAFETY_OBJECTS
from neike.kernel.safety import install_safety_objects
from tests import make

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def _moved(**fields: object) -> AuditEntry:
    defaults: dict[str, object] = {
        "action": "org.department_moved",
        "subject": make.department(),
        "by": make.person(),
        "before": {"parent": "A", "code": "same"},
        "after": {"parent": "B", "code": "same"},
        "now": NOW,
    }
    return audit.record(**{**defaults, **fields})


def _tamper(statement: str, *parameters: object) -> None:
    """Change rows the way somebody with the database password would: the triggers out of the way."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name LIKE 'audit%%'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        else:
            cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, parameters)
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = DEFAULT")
            return
    install_safety_objects()


def test_an_entry_holds_only_the_fields_that_changed():
    entry = _moved()

    assert entry.parsed["changes"] == [["parent", "A", "B"]]


def test_an_entry_falls_with_the_transaction_of_its_action():
    with transaction.atomic():
        _moved()
        transaction.set_rollback(True)

    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_auditentry SET action = 'x'", "DELETE FROM audit_auditentry"]
)
def test_the_database_itself_refuses_to_change_or_delete_an_entry(statement):
    _moved()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_kept_value_can_be_erased_and_nothing_else():
    _moved(reason="because")
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditValue.objects.update(value='"other"')
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditValue.objects.all().delete()

    assert AuditValue.objects.update(value=None, salt="") == 1


def test_everything_about_a_person_is_kept_apart_and_erasing_it_keeps_the_chain():
    person = make.person("王小明")
    entry = audit.record(
        action="org.person_renamed",
        subject=person,
        by=person,
        before={"name": "王小明", "can_sign_in": True},
        after={"name": "王大明", "can_sign_in": False},
        reason="在王小明婚后",
        now=NOW,
    )
    sealing.seal_entries(now=NOW)

    assert "王" not in entry.details
    assert ["can_sign_in", True, False] in entry.parsed["changes"]
    assert queries.lines([entry])[0].changes[1].after.text == "王大明"

    assert audit.erase_about(person) == 3
    assert AuditValue.objects.filter(value__isnull=False).count() == 0
    line = queries.lines([entry])[0]
    assert (line.reason.erased, line.changes[1].before.erased) == (True, True)
    assert sealing.verify().checked == 1
    assert sealing.verify().problem == ""


def test_data_shaped_like_a_reference_shows_nobody_elses_value_and_breaks_no_chain():
    secret = _moved(reason="secret")
    digest = secret.parsed["reason"]["digest"]
    spying = _moved(before={"schema": {"digest": "no such"}}, after={"schema": {"digest": digest}})
    sealing.seal_entries(now=NOW)

    (change,) = queries.lines([spying])[0].changes
    assert change.after.text == f'{{"digest":"{digest}"}}'
    assert sealing.verify().problem == ""


def test_the_seal_is_a_keyed_hash_over_the_link_before_and_the_entry(settings):
    settings.AUDIT_KEYS = ["k" * 40]
    first, second = _moved(), _moved(by=None)
    sealing.seal_entries(now=NOW)

    before = "0" * 64
    for entry in (first, second):
        row = [
            entry.pk,
            "2026-03-02T02:00:00.000000+00:00",
            entry.action,
            entry.actor_id,
            "org.department",
            str(getattr(entry, "subject_id", "")),
            entry.details,
        ]
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        before = hmac.new(b"k" * 40, f"{before}\n{text}".encode(), hashlib.sha256).hexdigest()
    assert sealing.head() == sealing.Head(2, before)


def test_sealing_twice_adds_no_link_and_a_straggler_is_sealed_after_its_neighbours():
    entries = [_moved() for _ in range(3)]

    assert sealing.seal_entries(now=NOW, batch=2) == 3
    assert sealing.seal_entries(now=NOW) == 0
    late = _moved()
    assert sealing.seal_entries(now=NOW) == 1
    assert list(AuditSeal.objects.order_by("position").values_list("entry_id", flat=True)) == [
        *[entry.pk for entry in entries],
        late.pk,
    ]


@pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="threads share one in-memory SQLite, which has a single writer anyway",
)
@pytest.mark.django_db(transaction=True)
def test_several_sealers_at_once_make_one_chain():
    for _ in range(40):
        _moved()

    def seal() -> None:
        try:
            sealing.seal_entries(now=NOW, batch=3)
        finally:
            connection.close()

    threads = [threading.Thread(target=seal) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sealing.verify().checked == 40
    assert sealing.verify().problem == ""


TAMPERINGS = [
    ("UPDATE audit_auditentry SET details = '{}' WHERE id = %s", "entry_changed"),
    ("UPDATE audit_auditentry SET actor_id = NULL WHERE id = %s", "entry_changed"),
    ("DELETE FROM audit_auditentry WHERE id = %s", "entry_missing"),
    ("DELETE FROM audit_auditseal WHERE entry_id = %s", "link_missing"),
    ("UPDATE audit_auditseal SET key_id = 'other' WHERE entry_id = %s", "key_unknown"),
]


@pytest.mark.parametrize(("statement", "problem"), TAMPERINGS)
def test_verifying_names_the_first_bad_row(statement, problem):
    entries = [_moved() for _ in range(5)]
    sealing.seal_entries(now=NOW)

    _tamper(statement, entries[2].pk)

    found = sealing.verify()
    assert (found.problem, found.position, found.checked) == (problem, 3, 2)
    if problem != "link_missing":
        assert found.entry_id == entries[2].pk


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE audit_auditvalue SET value = '\"mild\"'", "value_changed"),
        ("DELETE FROM audit_auditvalue", "value_missing"),
    ],
)
def test_a_swapped_or_removed_personal_value_is_noticed(statement, problem):
    entry = _moved(reason="harsh")
    sealing.seal_entries(now=NOW)

    _tamper(statement)

    assert (sealing.verify().problem, sealing.verify().entry_id) == (problem, entry.pk)


def test_a_chain_cut_off_at_its_end_is_noticed_by_a_head_noted_elsewhere():
    entries = [_moved() for _ in range(3)]
    sealing.seal_entries(now=NOW)
    noted = sealing.head()

    _tamper("DELETE FROM audit_auditseal WHERE entry_id = %s", entries[2].pk)

    assert sealing.verify().problem == ""
    assert sealing.verify(noted=noted).problem == "cut_off"


def test_a_chain_written_anew_with_a_stolen_database_is_noticed_by_the_noted_head(settings):
    _moved()
    sealing.seal_entries(now=NOW)
    noted = sealing.head()
    _tamper("DELETE FROM audit_auditseal")
    _tamper("UPDATE audit_auditentry SET action = 'nothing.happened'")
    sealing.seal_entries(now=NOW)

    assert sealing.verify().problem == ""
    assert sealing.verify(noted=noted).problem == "noted_head_differs"


def test_what_an_older_key_sealed_is_verified_after_a_change_of_key(settings):
    settings.AUDIT_KEYS = ["old" * 12]
    _moved()
    sealing.seal_entries(now=NOW)
    settings.AUDIT_KEYS = ["new" * 12, "old" * 12]
    _moved()
    sealing.seal_entries(now=NOW)

    assert (sealing.verify().checked, sealing.verify().problem) == (2, "")


def test_the_command_verifies_prints_the_head_and_fails_on_a_bad_row():
    entry = _moved()
    out = StringIO()
    call_command("audit-verify", stdout=out)
    call_command("audit-verify", "--head", stdout=out)
    ok, head = out.getvalue().splitlines()
    assert ok == f"ok: 1 entries, head {head}"

    _tamper("UPDATE audit_auditentry SET action = 'x'")
    with pytest.raises(CommandError, match=f"entry_changed: entry {entry.pk}, position 1"):
        call_command("audit-verify")


def test_the_nightly_check_reports_a_broken_chain_and_an_entry_left_unsealed():
    check = NIGHTLY_CHECKS.get("audit.chain")
    assert check is not None
    _moved()
    assert check.run(NOW + timedelta(minutes=30)) == []
    assert "unsealed" in check.run(NOW + timedelta(hours=2))[0].detail

    sealing.seal_entries(now=NOW)
    _tamper("UPDATE audit_auditentry SET action = 'x'")
    assert "entry_changed" in check.run(NOW)[0].detail


def test_the_triggers_are_registered_for_re_installation():
    safety_objects_registered()

    assert {
        "audit_auditentry_append_only",
        "audit_auditseal_append_only",
        "audit_value_no_update",
        "audit_value_no_delete",
    } <= {entry.key for entry in SAFETY_OBJECTS}


def test_a_person_without_the_auditors_role_reads_only_what_they_did(holder_of):
    auditor, person = holder_of("AU"), make.person()
    own = _moved(by=person)
    _moved()

    assert list(queries.entries_visible_to(person)) == [own]
    assert queries.entries_visible_to(auditor).count() == 2


def test_the_page_is_for_auditors(client_for, holder_of):
    assert client_for(holder_of("SA")).get(reverse("audit:entries")).status_code == 403
    assert client_for(holder_of("AU")).get(reverse("audit:entries")).status_code == 200


def test_the_page_filters_by_person_action_object_and_day(client_for, holder_of):
    client, person = client_for(holder_of("AU")), make.person()
    wanted = _moved(by=person, now=NOW + timedelta(days=1))
    _moved(by=person, action="other.thing")
    _moved()

    response = client.get(
        reverse("audit:entries"),
        {
            "person": person.employee_no,
            "action": "org.department_moved",
            "kind": "org.Department",
            "object": wanted.subject_id,
            "since": "2026-03-03",
            "until": "2026-03-03",
        },
    )

    assert [line.entry for line in response.context["lines"]] == [wanted]


@pytest.mark.parametrize(("field", "value"), [("person", "nobody-has-it"), ("since", "not a day")])
def test_a_filter_that_cannot_be_read_says_so(client_for, holder_of, field, value):
    response = client_for(holder_of("AU")).get(reverse("audit:entries"), {field: value})

    assert response.status_code == 422
    assert response.context["form"].errors[field]


def test_pages_follow_one_another_without_gap(client_for, holder_of):
    entries = [_moved() for _ in range(5)]
    seen, start = [], None
    while True:
        lines, further = queries.page(AuditEntry.objects.all(), before_id=start, length=2)
        seen += [line.entry for line in lines]
        if further is None:
            break
        start = further

    assert seen == entries[::-1]


def test_the_page_costs_the_same_at_any_length(client_for, holder_of):
    client = client_for(holder_of("AU"))
    costs = []
    for _ in range(3):
        _moved(reason="because")
        with CaptureQueriesContext(connection) as captured:
            lines = client.get(reverse("audit:entries")).context["lines"]
        costs.append((len(lines), len(captured)))

    assert [length for length, _cost in costs] == [1, 2, 3]
    assert len({cost for _length, cost in costs}) == 1


def test_the_history_of_an_object_is_escaped_and_shown_where_a_page_asks_for_it():
    subject = make.department()
    _moved(subject=subject, after={"parent": "<script>alert(1)</script>"})
    _moved()

    request = RequestFactory().get("/")
    request.user, request.session = make.person(), {}  # type: ignore[assignment]
    page = Template("{% load audit %}{% audit_history subject %}")
    html = page.render(RequestContext(request, {"subject": subject, "request": request}))

    assert "&lt;script&gt;" in html
    assert html.count("<li") == 1


def test_the_head_is_handed_out_as_a_file(client_for, holder_of):
    _moved()
    sealing.seal_entries(now=NOW)

    response = client_for(holder_of("AU")).get(reverse("audit:head"))

    assert response.content.decode().strip() == str(sealing.head())
    assert response["Content-Disposition"].startswith("attachment")
