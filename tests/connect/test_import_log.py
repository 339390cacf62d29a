"""Importing a log: what is told, counted, refused, and what a second run does."""

import gzip
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from neike.connect.event_logs.mapping import read_map
from neike.connect.management.commands.import_log import MAPS
from neike.desk.choices import EventKind, LegState, TicketState
from neike.desk.models import Leg, Ticket, TicketEvent
from neike.org.models import Department, Person

pytestmark = pytest.mark.django_db

MAP = """
format: neike.log-map/1
source: small-desk
name: {zh: 小日志, en: Small log}
zone: Asia/Shanghai
time_formats: ["%d/%m/%Y %H:%M", iso]
missing: ["?"]
columns: {case: no, time: at, state: state, group: team, person: who, priority: prio,
          opened: opened, resolved: resolved, met: ok, customer: [site, ""]}
states: {New: new, Active: working, Ask: waiting_requester, Done: resolved, Closed: closed}
true_words: ["yes"]
priorities: {P1: urgent}
departments:
  code_prefix: SD
  root: {code: SD-ROOT, zh: 根, en: Root}
  customers: {code: SD-CUST, zh: 客户, en: Customers}
  unassigned: {code: SD-NONE, zh: 无组, en: No group}
calendar:
  name: {zh: 平日, en: Weekdays}
  week: {mon: [["09:00", "17:00"]], tue: [["09:00", "17:00"]], wed: [["09:00", "17:00"]],
         thu: [["09:00", "17:00"]], fri: [["09:00", "17:00"]]}
services:
  - categories: ["*"]
    service:
      key: small-desk-case
      icon: tools
      name: {zh: 案例, en: Case}
      summary: {zh: 导入, en: Imported}
      form: []
      standard:
        promise: {zh: 一天, en: One day}
        targets: {first_response: {any: 60}, end_to_end: {any: 480}}
"""
HEADER = "no,at,state,team,who,prio,opened,resolved,ok\n"
# 2/3/2026 is a Monday in March, not the third of February: the traps of day-first dates
LOG = HEADER + (
    "A,2/3/2026 09:00,New,Front,?,P1,2/3/2026 09:00,2/3/2026 15:00,yes\n"
    "A,2/3/2026 09:30,Active,Front,Lin,P1,2/3/2026 09:00,2/3/2026 15:00,yes\n"
    "A,2/3/2026 11:00,Active,Back,Wu,P1,2/3/2026 09:00,2/3/2026 15:00,yes\n"
    "A,2/3/2026 13:00,Active,?,Wu,P1,2/3/2026 09:00,2/3/2026 15:00,yes\n"
    "A,2/3/2026 14:00,Active,Front,Lin,P1,2/3/2026 09:00,2/3/2026 15:00,yes\n"
    "A,2/3/2026 15:00,Done,Front,Lin,P1,2/3/2026 09:00,2/3/2026 15:00,yes\n"
    "A,9/3/2026 15:00,Closed,Front,Lin,P1,2/3/2026 09:00,2/3/2026 15:00,no\n"
    "B,6/3/2026 16:00,New,Front,Lin,P2,6/3/2026 16:00,9/3/2026 10:00,yes\n"
    "B,9/3/2026 10:00,Done,Front,Lin,P2,6/3/2026 16:00,9/3/2026 10:00,yes\n"
    "C,31/31/2026 10:00,New,Front,Lin,P2,6/3/2026 16:00,?,yes\n"
    "C,6/3/2026 17:00,Sleeping,Front,Lin,P2,6/3/2026 16:00,?,yes\n"
    "?,6/3/2026 17:00,New,Front,Lin,P2,6/3/2026 16:00,?,yes\n"
    "C,6/3/2026 17:00,New\n"
    "C,6/3/2026 17:30,New,?,?,P2,6/3/2026 17:30,?,?\n"
)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "map.yaml").write_text(MAP)
    (tmp_path / "log.csv").write_text(LOG)
    return tmp_path


def run(files, log="log.csv", **options):
    out = StringIO()
    rejects = files / "rejects.csv"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        call_command(
            "import_log",
            files / log,
            map=str(files / "map.yaml"),
            rejects=rejects,
            json=True,
            **options,
        )
    return json.loads(out.getvalue())


def test_the_summary_counts_cases_not_rows(files):
    # A: Mon 09:00-15:00 = 6 h, all worked; B: Fri 16:00 - Mon 10:00 = 66 h, worked 1 + 1 = 2 h
    assert run(files) == {
        "cases": 3,
        "events": 10,
        "rejected": {
            "no_case": 1,
            "unknown_state": 1,
            "unreadable_time": 1,
            "wrong_number_of_cells": 1,
        },
        "first": "2026-03-02T01:00:00+00:00",
        "last": "2026-03-09T07:00:00+00:00",
        "cases_by_priority": {"P2": 2, "P1": 1},
        "cases_by_group": {"Front": 2, "Back": 1},
        "cases_by_last_group": {"Front": 2},
        "resolution_hours": {
            "n": 2,
            "without": 1,
            "median": 36.0,
            "p95": 63.0,
            "business_median": 4.0,
            "business_p95": 5.8,
        },
        "handovers": 2,
        "cases_with_handover": 1,
        "cases_returned": 1,
        "met_source": 0.5,
        "met_standard": 1.0,
    }


def test_bad_rows_are_kept_with_their_place_and_reason(files):
    run(files)

    lines = (files / "rejects.csv").read_text().splitlines()
    assert [line.split(",")[:2] for line in lines] == [
        ["place", "reason"],
        ["11", "unreadable_time"],
        ["12", "unknown_state"],
        ["13", "no_case"],
        ["14", "wrong_number_of_cells"],
    ]


def test_a_case_becomes_a_request_with_its_hand_overs(files):
    run(files)

    ticket = Ticket.objects.get(source="small-desk", source_key="A")
    names = [
        (leg.supplier.imported_from, leg.state) for leg in ticket.legs.select_related("supplier")
    ]
    kinds = list(ticket.events.values_list("kind", flat=True))
    assert ticket.state == TicketState.CLOSED
    assert names == [
        ("small-desk", LegState.TRANSFERRED),
        ("small-desk", LegState.TRANSFERRED),
        ("small-desk", LegState.CONFIRMED),
    ]
    assert kinds.count(EventKind.LEG_OFFERED) == 3
    assert kinds[-2:] == [EventKind.RESOLVED, EventKind.CONFIRMED]


def test_people_are_marked_as_imported_and_cannot_sign_in(files):
    run(files)

    assert set(Person.objects.values_list("name", "can_sign_in", "imported_from")) == {
        ("Lin", False, "small-desk"),
        ("Wu", False, "small-desk"),
        ("小日志", False, "small-desk"),
    }


def test_a_second_run_changes_nothing_and_says_the_same(files):
    first = run(files)
    counted = [model.objects.count() for model in (Ticket, TicketEvent, Leg, Department, Person)]

    assert run(files) == first
    assert [
        model.objects.count() for model in (Ticket, TicketEvent, Leg, Department, Person)
    ] == counted


def test_rows_of_a_case_may_stand_anywhere_in_the_file(files):
    first, *rows = LOG.splitlines(keepends=True)
    (files / "mixed.csv").write_text(first + "".join(reversed(rows)))

    assert run(files, "mixed.csv")["handovers"] == 2


def test_gzip_and_xes_say_the_same_as_csv(files):
    with gzip.open(files / "log.csv.gz", "wt") as packed:
        packed.write(LOG)
    events = "".join(
        "<trace><string key='concept:name' value='B'/>"
        "<event><string key='no' value='B'/><string key='state' value='Done'/>"
        "<string key='team' value='Front'/><date key='at' value='2026-03-06T16:00:00+08:00'/></event></trace>"
        for _ in range(1)
    )
    with gzip.open(files / "log.xes.gz", "wt") as packed:
        packed.write(f"<log xmlns='http://www.xes-standard.org/'>{events}</log>")

    assert run(files, "log.csv.gz")["cases"] == 3
    assert run(files, "log.xes.gz")["cases"] == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("no,at\nA,2/3/2026 09:00\n", "state"),
        ("", "header"),
        (HEADER, "no rows|没有"),
        ("no,at\x00,state\n", "binary|二进制"),
    ],
)
def test_a_log_that_cannot_be_read_is_refused_and_nothing_is_stored(files, content, message):
    (files / "bad.csv").write_text(content)

    with pytest.raises(CommandError, match=message):
        run(files, "bad.csv")

    assert not Department.objects.exists()


def test_hostile_xml_is_refused(files):
    (files / "bad.xes").write_text('<!DOCTYPE x [<!ENTITY a "b">]><log>&a;</log>')

    with pytest.raises(CommandError, match=r"bad\.xes"):
        run(files, "bad.xes")


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ("zone: Asia/Shanghai", "zone: Mars/Olympus", "zone"),
        ("Ask: waiting_requester", "Ask: sleeping", r"states\.Ask"),
        ("columns: {case: no,", "columns: {", "columns"),
        ("end_to_end: {any: 480}", "end_to_end: {any: -1}", "end_to_end"),
        ('mon: [["09:00", "17:00"]]', 'mon: [["09:00"]]', r"calendar\.week\.mon"),
        ("source: small-desk", "sauce: small-desk", "sauce"),
    ],
)
def test_a_map_that_cannot_be_used_is_refused_with_its_place(files, before, after, where):
    (files / "map.yaml").write_text(MAP.replace(before, after))

    with pytest.raises(CommandError, match=where):
        run(files)


def test_every_shipped_map_can_be_read():
    assert sorted(read_map(file).source for file in MAPS.glob("*.yaml")) == [
        "bpi2020-requests",
        "helpdesk-italian",
        "incident-uci",
    ]
