"""Working a queue: filters, order, columns, saved views, many at once with undo, and files."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.signals import request_finished
from django.db import close_old_connections
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from neike.catalog.choices import Priority
from neike.desk import actions, jobs, policies, projections, queries
from neike.desk.choices import BulkAction, BulkState, EventKind, RowState, WaitingOn
from neike.desk.models import BulkRun, Leg, SavedView
from neike.desk.views import bulk as bulk_views
from neike.desk.views import queue as views
from neike.kernel.audit.models import AuditEntry
from neike.org.models import DepartmentVersion
from tests.make import desk as make

pytestmark = pytest.mark.django_db
QUEUE = "/queue/"


@pytest.fixture
def it():
    return make.company()


@pytest.fixture
def see(client_for):
    def see_(person, path=QUEUE, **query):
        client = client_for(person)
        client.cookies["neike_language"] = "en"
        return client.get(path, query)

    return see_


def ago(hours=2):
    return timezone.now() - timedelta(hours=hours)


def offered(it, title="Laptop", **more):
    return it.submit(now=ago(), title=title, **more).legs.get()


def accepted(it, title="Laptop", by=None, **more):
    leg = offered(it, title, **more)
    return actions.accept_leg(leg=leg, by=by or it.ivan, version=leg.version, now=ago(1))


@pytest.fixture
def download(see):
    def download_(person, kind, **query):
        response = see(person, path=f"/queue/export.{kind}", **query)
        body = response.getvalue()
        request_finished.disconnect(close_old_connections)  # the test goes on with its connection
        response.close()
        request_finished.connect(close_old_connections)
        return body

    return download_


def name_of(department):
    return DepartmentVersion.objects.get(department=department).name.in_language("en")


def titles(response):
    return re.findall(r"data-open>([^<]+)</a>", response.content.decode())


def saved(person, name="Mine", department=None, **data):
    return actions.save_view(
        by=person, name=name, data=data, department=department, now=timezone.now()
    )


def started(person, action, legs, /, **params):
    return actions.start_bulk(
        by=person,
        action=action,
        picks=[(leg.pk, leg.version) for leg in legs],
        params=params,
        now=timezone.now(),
    )


def done(person, action, legs, /, **params):
    return actions.run_bulk(run=started(person, action, legs, **params), now=timezone.now())


def states(run):
    return [row.state for row in run.rows.order_by("pk")]


# filters, order, columns


def test_me_and_waiting_and_due_narrow_a_list(it, see):
    accepted(it, "mine")
    late = accepted(it, "hers", by=it.ines)
    waits = accepted(it, "waits")
    actions.wait_leg(
        leg=waits, by=it.ivan, waiting_on=WaitingOn.THIRD_PARTY, reason_given="x",
        follow_up_at=timezone.now() + timedelta(days=1), version=waits.version, now=timezone.now(),
    )  # fmt: skip
    Leg.objects.exclude(pk=late.pk).update(next_due_at=ago(-24))
    Leg.objects.filter(pk=late.pk).update(next_due_at=ago(1))

    assert sorted(titles(see(it.ivan, assignee="me"))) == ["mine", "waits"]
    assert titles(see(it.ivan, waiting="third_party")) == ["waits"]
    assert "hers" in titles(see(it.ivan, due="overdue"))
    assert titles(see(it.ivan, due="overdue", assignee="me")) == []


def test_each_chip_leads_to_the_list_without_it(it, see):
    offered(it, "a", priority=Priority.URGENT)
    offered(it, "b", priority=Priority.LOW)

    response = see(it.ivan, priority="1", q="a", sort="oldest")
    chips = {chip.value: chip.href for chip in response.context["chips"]}

    assert titles(response) == ["a"]
    assert sorted(titles(see(it.ivan))) == ["a", "b"]
    assert titles(response.client.get(QUEUE + chips["a"])) == ["a"]
    assert chips["a"] == "?priority=1&sort=oldest"


@pytest.mark.parametrize("sort", ["due", "priority", "oldest", "newest", "still"])
def test_pages_of_every_order_follow_one_another_without_gap_or_repeat(it, see, monkeypatch, sort):
    monkeypatch.setattr(views, "PAGE", 2)
    for number, priority in enumerate(["2", "3", "1", "3", "4"]):
        it.submit(now=ago(10 - number), title=f"t{number}", priority=priority)

    seen, response = [], see(it.ivan, sort=sort)
    while True:
        seen += titles(response)
        following = response.context["next"]
        if not following:
            break
        response = response.client.get(QUEUE + following)

    expected = {
        "priority": ["t2", "t0", "t1", "t3", "t4"],
        "oldest": ["t0", "t1", "t2", "t3", "t4"],
        "newest": ["t4", "t3", "t2", "t1", "t0"],
        "still": ["t0", "t1", "t2", "t3", "t4"],
    }
    assert sorted(seen) == ["t0", "t1", "t2", "t3", "t4"]
    assert seen == expected.get(sort, seen)


def test_a_page_mark_of_another_order_begins_at_the_front(it, see):
    offered(it, "a")
    mark = str(queries.Cursor("3", 1))

    assert titles(see(it.ivan, sort="due", after=mark)) == ["a"]
    assert titles(see(it.ivan, sort="priority", after=str(queries.Cursor(ago(), 1)))) == ["a"]
    assert see(it.ivan, path="/requests/", tab="open", after=mark).status_code == 200


def test_each_person_chooses_their_columns(it, client_for, see):
    offered(it)

    client_for(it.ivan).post(
        reverse("desk:queue_columns"), {"column": ["customer", "priority", "x"]}
    )

    assert list(see(it.ivan).context["headings"]) == ["Priority", "Customer department"]
    assert "Relay" in see(it.ines).context["headings"]
    assert list(see(it.ivan, column="offered").context["headings"]) == ["Arrived"]


def test_a_redacted_row_says_nothing_in_any_column(see, download):
    it = make.company(confidential=True)
    leg = accepted(it, "canary-title", by=it.ines)
    it.anna.name = "canary-name"
    it.anna.save()
    every = ["service", "customer", "requester", "priority", "still"]

    page = see(it.ivan, column=every).content.decode()
    table = page[page.index("<tbody>") : page.index("</tbody>")]

    assert f"R-{leg.ticket.number}" in table
    assert "canary" not in page
    assert name_of(it.hr) not in table
    for kind in ("csv", "xlsx"):
        assert b"canary" not in download(it.ivan, kind, column=every)


# saved views


def test_a_view_is_kept_and_shown_with_its_count(it, client_for, see):
    offered(it, "u", priority=Priority.URGENT)
    offered(it, "n")
    client = client_for(it.ivan)

    response = client.post(
        reverse("desk:new_view") + "?priority=1&sort=oldest&state=nonsense", {"name": "Urgent"}
    )
    view = SavedView.objects.get()
    shown = client.get(response.url)

    assert view.data == {"priority": ["1"], "sort": ["oldest"]}
    assert titles(shown) == ["u"]
    assert [(v["label"], v["count"], v["current"]) for v in shown.context["saved"]] == [
        ("Urgent", 1, True)
    ]


def test_a_shared_view_shows_everybody_only_what_they_may_read(see):
    it = make.company(confidential=True)
    accepted(it, "canary", by=it.ines)
    saved(it.ines, "Ours", department=it.it, customer=[str(it.hr.public_id)])

    hers, his = (see(person).context["saved"][0] for person in (it.ines, it.ivan))

    assert (hers["count"], his["count"]) == (1, 0)
    assert titles(see(it.ivan, customer=str(it.hr.public_id))) == []
    assert see(it.fang).context["saved"] == []


def test_only_those_of_the_department_share_and_change(it, client_for):
    with pytest.raises(PermissionDenied):
        saved(it.fang, department=it.it)
    shared = saved(it.ivan, department=it.it)
    own = saved(it.ivan)

    def may(person, view):
        return bool(policies.may_change_view(policies.standing(person, now=ago()), view))

    assert [may(who, shared) for who in (it.ivan, it.ines, it.fang)] == [True, True, False]
    assert [may(who, own) for who in (it.ivan, it.ines, it.fang)] == [True, False, False]
    for name in ("edit_view", "delete_view", "move_view"):
        address = reverse(f"desk:{name}", args=[own.public_id])
        assert client_for(it.ines).post(address).status_code == 404


def test_a_view_changes_moves_and_goes(it, client_for):
    first, second = saved(it.ivan, "first"), saved(it.ivan, "second")
    client = client_for(it.ivan)

    client.post(reverse("desk:move_view", args=[second.public_id]), {"to": "up"})
    edit = reverse("desk:edit_view", args=[first.public_id])
    client.post(edit + "?state=offered", {"name": "renamed", "version": first.version})
    late = client.post(edit, {"name": "again", "version": first.version})

    who = policies.standing(it.ivan, now=timezone.now())
    assert [view.name for view in queries.saved_views_of(who)] == ["second", "renamed"]
    assert SavedView.objects.get(pk=first.pk).data == {"state": ["offered"]}
    assert late.status_code == 422
    client.post(reverse("desk:delete_view", args=[first.public_id]))
    assert not SavedView.objects.filter(pk=first.pk).exists()


def test_what_a_view_holds_is_never_trusted(it, see):
    view = saved(it.ivan)
    SavedView.objects.filter(pk=view.pk).update(
        data={
            "state": "offered",
            "priority": [{"x": 1}, "1"],
            "due": None,
            "sort": ["x'"],
            "q": [1],
        }
    )

    assert see(it.ivan).status_code == 200
    assert see(it.ivan, path="/queue/views/").status_code == 200


def test_more_views_cost_no_more_queries(it, client_for, django_assert_num_queries):
    client = client_for(it.ivan)
    saved(it.ivan, "0", state=["offered"])
    client.get(QUEUE)
    with django_assert_num_queries(QUERIES_WITH_VIEWS):
        client.get(QUEUE)
    for number in range(5):
        saved(
            it.ivan,
            str(number + 1),
            department=it.it,
            priority=["1"],
            customer=[str(it.hr.public_id)],
        )

    with django_assert_num_queries(QUERIES_WITH_VIEWS):
        client.get(QUEUE)


QUERIES_WITH_VIEWS = 17


# many at once


def test_each_row_has_its_own_outcome(it):
    mine, stale, final = accepted(it, "a"), offered(it, "b"), offered(it, "c")
    run = started(it.ivan, BulkAction.ACCEPT, [mine, stale, final])
    actions.accept_leg(leg=stale, by=it.ines, version=stale.version, now=timezone.now())

    run = actions.run_bulk(run=run, now=timezone.now())

    assert states(run) == [RowState.REFUSED, RowState.REFUSED, RowState.DONE]
    assert all(row.reason for row in run.rows.filter(state=RowState.REFUSED))
    assert make.fresh(stale).assignee == it.ines


def test_assigning_is_undone_by_assigning_back(it):
    first, second = accepted(it, "a"), accepted(it, "b")
    run = done(it.ivan, BulkAction.ASSIGN, [first, second], to=str(it.ines.public_id))
    moved = make.fresh(second)
    actions.start_leg(leg=moved, by=it.ines, version=moved.version, now=timezone.now())

    run = actions.undo_bulk(run=run, by=it.ivan, now=timezone.now())

    assert run.state == BulkState.UNDONE
    assert states(run) == [RowState.UNDONE, RowState.KEPT]
    assert make.fresh(first).assignee == it.ivan
    assert make.fresh(second).assignee == it.ines
    kinds = list(first.ticket.events.order_by("seq").values_list("kind", flat=True))
    assert kinds[-2:] == [EventKind.LEG_ASSIGNED, EventKind.LEG_ASSIGNED]
    for leg in (first, second):
        ticket = leg.ticket
        ticket.refresh_from_db()
        assert projections.differences(ticket) == []


def test_a_priority_and_a_follower_are_undone_too(it):
    leg = accepted(it, "a", priority=Priority.LOW)
    ranked = done(it.ivan, BulkAction.PRIORITY, [leg], priority="1", reason="fire")
    assert make.fresh(leg).priority == "1"
    actions.undo_bulk(run=ranked, by=it.ivan, now=timezone.now())
    assert make.fresh(leg).priority == "4"

    followed = done(it.ivan, BulkAction.WATCHER, [leg], person=str(it.fang.public_id))
    assert leg.ticket.participants.get().person == it.fang
    actions.undo_bulk(run=followed, by=it.ivan, now=timezone.now())
    assert not leg.ticket.participants.exists()


def test_undo_ends_after_ten_minutes_and_belongs_to_who_did_it(it):
    run = done(it.ivan, BulkAction.ASSIGN, [accepted(it)], to=str(it.ines.public_id))
    accept = done(it.ivan, BulkAction.ACCEPT, [offered(it)])

    with pytest.raises(PermissionDenied):
        actions.undo_bulk(run=run, by=it.ines, now=timezone.now())
    for late, when in ((run, timedelta(minutes=11)), (accept, timedelta())):
        with pytest.raises(actions.UndoOverError):
            actions.undo_bulk(run=late, by=it.ivan, now=timezone.now() + when)


def test_legs_of_others_are_left_out_of_a_run(it):
    run = done(it.fang, BulkAction.ACCEPT, [offered(it)])

    assert states(run) == []


def test_an_answer_goes_once_to_each_request(it):
    legs = [accepted(it, "a"), accepted(it, "b")]
    run = done(it.ivan, BulkAction.REPLY, legs, text="It is coming.")
    run.rows.update(state=RowState.WAITING)  # as after a crash between the effect and its mark

    actions.run_bulk(run=run, now=timezone.now())

    assert [leg.ticket.messages.count() for leg in legs] == [1, 1]


def test_work_is_handed_over_and_delivered_in_bulk(it, client_for):
    first, second = accepted(it, "a"), accepted(it, "b")
    client = client_for(it.ivan)

    def post(leg, action, **more):
        leg = make.fresh(leg)
        asked = {"leg": [f"{leg.pk}-{leg.version}"], "action": action}
        page = client.post(reverse("desk:queue_bulk"), asked)
        assert page.status_code == 200
        form = page.context["form"]
        offer = form.fields["offer"].choices[1][0] if "offer" in form.fields else ""
        sent = {"legs": form["legs"].value(), "offer": offer, "mode": "relay", "asked": "1"}
        return client.post(reverse("desk:queue_bulk"), {**sent, "action": action, **more})

    assert post(first, "hand_over", text="").status_code == 422
    assert post(first, "hand_over", text="Please pay").status_code == 302
    assert post(second, "deliver", text="Done").status_code == 302
    assert first.ticket.legs.count() == 2
    assert make.fresh(second).state == "delivered"


def test_all_that_match_are_taken_and_many_become_a_job(it, client_for, monkeypatch):
    monkeypatch.setattr(bulk_views, "AT_ONCE", 2)
    legs = [offered(it, f"t{n}", priority=Priority.URGENT) for n in range(3)]
    other = offered(it, "other")
    client = client_for(it.ivan)

    response = client.post(
        reverse("desk:queue_bulk") + "?priority=1", {"all": "1", "action": "accept"}
    )
    run = BulkRun.objects.get()
    before = client.get(response.url)
    jobs.run_bulk.function(run_id=run.pk, now=timezone.now())
    after = client.get(response.url)

    assert response.url == reverse("desk:bulk_run", args=[run.public_id])
    assert (before.context["running"], before.context["finished"]) == (True, 0)
    assert (after.context["running"], after.context["finished"]) == (False, 3)
    assert {make.fresh(leg).assignee for leg in legs} == {it.ivan}
    assert make.fresh(other).state == "offered"
    assert client_for(it.ines).get(response.url).status_code == 404


def test_the_queue_offers_the_way_back(it, client_for):
    leg = accepted(it)
    client = client_for(it.ivan)
    client.post(
        reverse("desk:queue_bulk"),
        {"leg": f"{leg.pk}-{leg.version}", "action": "assign", "to": str(it.ines.public_id)},
    )

    page = client.get(QUEUE)

    assert page.context["last_undo"]
    client.post(reverse("desk:bulk_undo", args=[page.context["last_run"].public_id]))
    assert make.fresh(leg).assignee == it.ivan
    assert not client.get(QUEUE).context["last_undo"]


# files


def test_a_file_holds_what_the_list_shows_and_no_formula(it, download):
    offered(it, '=HYPERLINK("http://x")', priority=Priority.URGENT)
    offered(it, "other")
    query = {"priority": "1", "column": ["state", "customer"]}

    text = download(it.ivan, "csv", **query).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    book = load_workbook(io.BytesIO(download(it.ivan, "xlsx", **query)))
    cells = list(book.active.iter_rows())

    assert rows[0] == ["No.", "Subject", "State", "Customer department"]
    assert [row[1:] for row in rows[1:]] == [
        ['\'=HYPERLINK("http://x")', "to be accepted", name_of(it.hr)]
    ]
    assert [cell.value for cell in cells[0]] == rows[0]
    assert cells[1][1].value == '=HYPERLINK("http://x")'
    assert cells[1][1].data_type != "f"
    assert len(cells) == 2


def test_a_download_is_written_down_and_not_for_others(it, download):
    offered(it, "canary")

    download(it.ivan, "csv")
    others = download(it.fang, "csv", department=str(it.it.public_id))

    assert AuditEntry.objects.filter(action="desk.queue_exported").count() == 2
    assert b"canary" not in others
