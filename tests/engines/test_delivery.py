"""When a notice reaches a person: a hand-worked table, and what must hold for every stream of notices."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neike.engines import delivery
from neike.engines.delivery import (
    DigestTime,
    Mode,
    Note,
    Quiet,
    Recipient,
    Rhythm,
    Urgency,
    Waiting,
    Way,
    Wishes,
    decide,
    round_of,
)
from neike.engines.worktime import CalendarSpec, prepare
from tests.engines.calendars import SPLIT, WORKWEEK, days
from tests.engines.strategies import SLOW, ZONES

HOURS = prepare(
    CalendarSpec.weekly(
        "Asia/Shanghai",
        dict.fromkeys(WORKWEEK, SPLIT),
        closed=days("2026-10-01", "2026-10-07"),
    )
)
TABLE = Path(__file__).parent / "cases" / "delivery.csv"
CASES = [
    [cell.strip() for cell in line.split("|")]
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def seconds(text):
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def moment(text, zone):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)) if text else None


def digest(text):
    words = text.split()
    if len(words) == 1:
        return DigestTime(Rhythm(words[0]))
    return DigestTime(Rhythm(words[0]), seconds(words[1]), int(words[2]) if words[2:] else 0)


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_the_table_worked_by_hand(case):
    (_name, zone, urgency, mode, quiet, working, anytime, away, told, plan, muted, read) = case[:12]
    arose, way, at, reason = case[12:]
    now = moment(arose, zone)
    wishes = Wishes(
        zone=zone,
        mode=Mode(mode),
        digest=digest(plan),
        quiet=Quiet(*(seconds(each) for each in quiet.split("-"))) if quiet else None,
        only_working_time=working == "yes",
        urgent_anytime=anytime == "yes",
        muted=bool(muted),
    )
    recipient = Recipient(HOURS, moment(away, zone), moment(told, zone))

    found = decide(Note(now, Urgency(urgency), bool(read)), wishes, recipient, now=now)

    shown = found.at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") if found.at else ""
    assert (found.way.value, shown, found.reason.value) == (way, at, reason)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (-1, 5), (0, 86_400), (3600, 3600 * 18)])
def test_quiet_hours_that_leave_too_little_are_refused(start, end):
    with pytest.raises(ValueError, match="quiet hours"):
        Quiet(start, end)


@dataclass
class Life:
    """A person with wishes, and notices that arise."""

    zone: str
    wishes: dict[str, Wishes]
    recipient: Recipient
    notes: list[tuple[str, Note]]
    start: datetime


@st.composite
def lives(draw):
    zone = draw(st.sampled_from(sorted(ZONES)))
    start = datetime.combine(ZONES[zone], datetime.min.time(), tzinfo=UTC)
    length = draw(st.integers(1, 64))
    begin = draw(st.integers(0, 95)) * 900
    quiet = draw(st.sampled_from([None, Quiet(begin, (begin + length * 900) % 86_400)]))
    common = Wishes(
        zone=zone,
        digest=DigestTime(
            draw(st.sampled_from(Rhythm)), draw(st.integers(0, 95)) * 900, draw(st.integers(0, 6))
        ),
        quiet=quiet,
        only_working_time=draw(st.booleans()),
        urgent_anytime=draw(st.booleans()),
    )
    wishes = {mode.value: replace(common, mode=mode) for mode in Mode}
    away = draw(st.sampled_from([None, start + timedelta(hours=40)]))
    minutes = sorted(draw(st.lists(st.integers(0, 60 * 24 * 3), min_size=1, max_size=12)))
    notes = [
        (
            draw(st.sampled_from(["at_once", "at_once", "digest", "off"])),
            Note(start + timedelta(minutes=each), draw(st.sampled_from(Urgency))),
        )
        for each in minutes
    ]
    calendar = draw(st.sampled_from([None, HOURS]))
    return Life(zone, wishes, Recipient(calendar, away), notes, start)


def live(life):
    """Run a worker that looks whenever something arises or is due; return the messages as (moment, keys, digest)."""
    waiting: dict[int, Waiting] = {}
    sent, told, arising = [], None, list(enumerate(life.notes))
    promised = {}
    for _look in range(5_000):
        if not arising and not waiting:
            return sent, promised
        moments = [note.arose for _key, (_mode, note) in arising[:1]]
        now = min([*moments, *(each.due_at for each in waiting.values())])
        recipient = replace(life.recipient, last_told=told)
        while arising and arising[0][1][1].arose <= now:
            key, (mode, note) = arising.pop(0)
            found = decide(note, life.wishes[mode], recipient, now=now)
            if found.way != Way.NEVER:
                promised[key] = found
                waiting[key] = Waiting(key, note, found.way, found.at, life.wishes[mode])
        made = round_of(waiting.values(), recipient, now=now)
        if made.told:
            sent.append((now, made.told, made.is_digest))
            told = now
        for key in (*made.told, *(one for one, _why in made.dropped)):
            del waiting[key]
        for key, later in made.put_off:
            assert later.at > now
            waiting[key] = replace(waiting[key], way=later.way, due_at=later.at)
    raise AssertionError("something waits for ever")


@SLOW
@given(lives())
def test_every_notice_is_told_once_or_refused_and_the_order_is_kept(life):
    sent, promised = live(life)

    keys = [key for _now, told, _digest in sent for key in told]
    assert sorted(keys) == sorted(promised)
    assert all(list(told) == sorted(told) for _now, told, _digest in sent)
    refused = {key for key, (mode, _note) in enumerate(life.notes) if mode == "off"}
    assert not refused & set(keys)


@SLOW
@given(lives())
def test_nobody_is_told_in_quiet_hours_unless_urgent_and_allowed(life):
    for now, told, _digest in live(life)[0]:
        quiet = life.wishes["off"].quiet
        local = now.astimezone(ZoneInfo(life.zone))
        second = local.hour * 3600 + local.minute * 60 + local.second
        if quiet is None or not quiet.holds(second):
            continue
        assert life.wishes["off"].urgent_anytime
        assert {life.notes[key][1].urgency for key in told} == {Urgency.URGENT}


@SLOW
@given(lives())
def test_messages_keep_their_distance(life):
    moments = [now for now, _told, _digest in live(life)[0]]

    for earlier, later in pairwise(moments):
        assert later - earlier >= timedelta(minutes=5)


@SLOW
@given(lives())
def test_nothing_comes_later_than_its_bound(life):
    sent, _promised = live(life)

    for now, told, _digest in sent:
        for key in told:
            mode, note = life.notes[key]
            away = life.recipient.away_until or note.arose
            free = max(note.arose, away)
            most = timedelta(days=15 if mode == "digest" else 5, hours=2)
            # a message before it may push it past its moment into the next quiet hours, or behind the working day
            assert now - free <= most + delivery.LONGEST + timedelta(days=1)


@SLOW
@given(lives())
def test_what_was_decided_is_never_in_the_past_and_never_in_quiet_hours(life):
    for _key, (mode, note) in enumerate(life.notes):
        wishes = life.wishes[mode]
        found = decide(note, wishes, life.recipient, now=note.arose)
        if found.at is None:
            assert found.way == Way.NEVER
            continue
        assert found.at >= note.arose
        if note.urgency != Urgency.URGENT or mode == "digest":
            assert delivery.after_quiet(found.at, wishes.quiet, wishes.zone) == found.at
        most = max(life.recipient.away_until or note.arose, note.arose) + delivery.LONGEST
        if mode == "at_once":
            assert found.at <= most + timedelta(minutes=15) + timedelta(hours=18)
