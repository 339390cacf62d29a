from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neike.engines.worktime import (
    BadPauseError,
    BadTargetError,
    EndBeforeStartError,
    HorizonError,
    prepare,
)
from neike.engines.worktime.bulk import BadArrayError, PauseArrays, due_many, elapsed_many
from tests.engines.calendars import SPECS, calendar
from tests.engines.strategies import SLOW, moments, pauses, specs
from tests.engines.test_worktime import CASES, at, minutes, pauses_of

NOW = np.array(["2026-03-02T02:00", "2026-03-02T03:00"], dtype="datetime64[us]")
HOUR = np.timedelta64(1, "h")


def to_numpy(values) -> np.ndarray:
    naive = [
        None if value is None else value.astimezone(UTC).replace(tzinfo=None) for value in values
    ]
    return np.array(naive, dtype="datetime64[us]")


def from_numpy(values):
    return [None if value is None else value.replace(tzinfo=UTC) for value in values.tolist()]


def pause_arrays(lists) -> PauseArrays:
    spans = [span for spans in lists for span in spans]
    return PauseArrays(
        starts=to_numpy(start for start, _ in spans),
        ends=to_numpy(end for _, end in spans),
        offsets=np.cumsum([0, *map(len, lists)]),
    )


def durations(values) -> np.ndarray:
    return np.array(list(values), dtype="timedelta64[us]")


@pytest.mark.parametrize("name", sorted(SPECS))
def test_many_worked_examples_at_once_equal_the_scalar_form(name):
    cases = [case for case in CASES if case["calendar"] == name]
    starts, targets = (
        [at(case["start"]) for case in cases],
        [minutes(float(case["minutes"])) for case in cases],
    )
    spans = [pauses_of(case["pauses"]) for case in cases]

    due = due_many(calendar(name), to_numpy(starts), durations(targets), pause_arrays(spans))

    assert from_numpy(due) == [at(case["due"]) if case["due"] else None for case in cases]


@SLOW
@given(st.data())
def test_due_and_elapsed_equal_the_scalar_form_with_and_without_pauses(data):
    spec = data.draw(specs())
    count = data.draw(st.integers(1, 12))
    starts = [data.draw(moments(spec)) for _ in range(count)]
    ends = [start + timedelta(seconds=data.draw(st.integers(0, 10**6))) for start in starts]
    targets = [timedelta(seconds=data.draw(st.integers(1, 10**6))) for _ in starts]
    spans = [data.draw(pauses(spec, most=3)) for _ in starts]
    alone = prepare(spec)
    rows = list(zip(starts, targets, ends, spans, strict=True))

    plain = due_many(alone, to_numpy(starts), durations(targets))
    paused = due_many(alone, to_numpy(starts), durations(targets), pause_arrays(spans))
    worked = elapsed_many(alone, to_numpy(starts), to_numpy(ends))
    unpaused = elapsed_many(alone, to_numpy(starts), to_numpy(ends), pause_arrays(spans))

    assert from_numpy(plain) == [alone.due(start, target) for start, target, _, _ in rows]
    assert from_numpy(paused) == [
        alone.due(start, target, spans) for start, target, _, spans in rows
    ]
    assert worked.tolist() == [alone.worked_between(start, end) for start, _, end, _ in rows]
    assert unpaused.tolist() == [
        alone.worked_between(start, end, spans) for start, _, end, spans in rows
    ]


@pytest.mark.parametrize(
    "name", ["china", "never", "once-in-2028", "apia-fridays", "nights", "tuesdays"]
)
def test_decades_of_tickets_equal_the_scalar_form(name):
    random = np.random.default_rng(20260302)
    starts = np.datetime64("1996-01-01", "us") + random.integers(0, 40 * 365 * 86_400, 600).astype(
        "timedelta64[s]"
    )
    targets = random.integers(1, 900 * 86_400, 600).astype("timedelta64[s]")

    due = due_many(calendar(name), starts, targets)

    questions = zip(from_numpy(starts), targets.tolist(), strict=True)
    assert from_numpy(due) == [calendar(name).due(start, target) for start, target in questions]


def test_a_calendar_with_minutes_only_equals_the_scalar_form():
    # many short intervals in one look-up cell
    tiny = prepare(
        type(SPECS["shanghai"]).weekly(
            "Asia/Shanghai", {"mon": [(f"09:{n:02d}", f"09:{n:02d}:30") for n in range(60)]}
        )
    )
    starts = np.datetime64("2026-03-02T00:50", "us") + np.arange(400).astype("timedelta64[m]")
    targets = np.arange(1, 401).astype("timedelta64[s]") * 7

    due = due_many(tiny, starts, targets)

    questions = zip(from_numpy(starts), targets.tolist(), strict=True)
    assert from_numpy(due) == [tiny.due(start, target) for start, target in questions]


def test_one_target_serves_all_tickets():
    due = due_many(calendar("shanghai"), NOW, HOUR)

    assert due.tolist() == [datetime(2026, 3, 2, 3), datetime(2026, 3, 2, 4)]  # noqa: DTZ001 - numpy has no zones


def test_no_tickets_give_no_answers():
    assert len(due_many(calendar("shanghai"), NOW[:0], HOUR)) == 0
    assert len(elapsed_many(calendar("shanghai"), NOW[:0], NOW[:0])) == 0


def test_an_endless_target_has_no_date():
    due = due_many(calendar("shanghai"), NOW, np.timedelta64(2**62, "us"))

    assert np.isnat(due).all()


def test_bad_arrays_are_named():
    shanghai = calendar("shanghai")
    with pytest.raises(BadTargetError, match="index 1"):
        due_many(shanghai, NOW, np.array([60, 0], dtype="timedelta64[m]"))
    with pytest.raises(BadTargetError, match="index 0"):
        due_many(shanghai, NOW, np.timedelta64("NaT", "us"))
    with pytest.raises(BadArrayError, match="3 targets for 2 starts"):
        due_many(shanghai, NOW, np.array([1, 2, 3], dtype="timedelta64[m]"))
    with pytest.raises(BadArrayError, match="start 1 is NaT"):
        due_many(shanghai, np.array(["2026-03-02", "NaT"], dtype="datetime64[us]"), HOUR)
    with pytest.raises(BadArrayError, match="expected datetime64"):
        due_many(shanghai, np.array([1, 2]), HOUR)
    with pytest.raises(HorizonError, match="start 0"):
        due_many(shanghai, np.array(["1850-03-02"], dtype="datetime64[us]"), HOUR)
    with pytest.raises(EndBeforeStartError):
        elapsed_many(shanghai, NOW, NOW[::-1])
    with pytest.raises(BadArrayError, match="2 starts but 1 ends"):
        elapsed_many(shanghai, NOW, NOW[:1])


def test_bad_pause_arrays_are_named():
    with pytest.raises(BadPauseError, match="pause 1"):
        PauseArrays(starts=NOW, ends=np.array([NOW[0], NOW[0]]), offsets=np.array([0, 2]))
    with pytest.raises(BadArrayError, match="offsets"):
        PauseArrays(starts=NOW, ends=NOW, offsets=np.array([0, 1]))
    with pytest.raises(BadArrayError, match="pause start 0 is NaT"):
        PauseArrays(
            starts=np.array(["NaT"], dtype="datetime64[us]"), ends=NOW[:1], offsets=np.array([0, 1])
        )
    with pytest.raises(BadArrayError, match="1 tickets for 2 tickets"):
        due_many(
            calendar("shanghai"),
            NOW,
            HOUR,
            PauseArrays(starts=NOW, ends=NOW, offsets=np.array([0, 2])),
        )
