from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from neike.engines.worktime import prepare
from tests.engines import oracle
from tests.engines.strategies import BOUNDED, SLOW, moments, pauses, specs

ZERO = timedelta()


def target_of(data, most=3 * 86_400):
    return timedelta(seconds=data.draw(st.integers(1, most)))


@SLOW
@given(st.data())
def test_due_equals_counting_every_minute(data):
    spec = data.draw(specs())
    start = data.draw(moments(spec, days=1, step=60))
    spans = data.draw(pauses(spec, step=60))
    minutes = data.draw(st.integers(1, 2000))

    due = prepare(spec).due(start, timedelta(minutes=minutes), spans)

    counted = oracle.due(spec, start, minutes, spans)
    if counted is None:
        assert due is None or due > start + timedelta(days=12)
    else:
        assert due == counted


@SLOW
@given(st.data())
def test_working_time_equals_counting_every_minute(data):
    spec = data.draw(specs())
    start, end = sorted(data.draw(moments(spec, step=60)) for _ in range(2))
    spans = data.draw(pauses(spec, step=60))

    worked = prepare(spec).worked_between(start, end, spans)

    assert worked == timedelta(minutes=oracle.worked_minutes(spec, start, end, spans))


@BOUNDED
@given(st.data())
def test_being_open_equals_the_wall_clock_saying_so(data):
    spec = data.draw(specs())
    moment = data.draw(moments(spec))

    assert prepare(spec).is_open(moment) == oracle.is_open(spec, moment)


@BOUNDED
@given(st.data())
def test_splitting_an_interval_loses_no_time(data):
    spec = data.draw(specs())
    spans = data.draw(pauses(spec))
    start, middle, end = sorted(data.draw(moments(spec)) for _ in range(3))
    calendar = prepare(spec)

    first = calendar.worked_between(start, middle, spans)
    second = calendar.worked_between(middle, end, spans)

    assert first + second == calendar.worked_between(start, end, spans)


@BOUNDED
@given(st.data())
def test_elapsed_until_due_is_the_target_and_not_a_moment_before(data):
    spec = data.draw(specs())
    start, spans, target = data.draw(moments(spec)), data.draw(pauses(spec)), target_of(data)
    calendar = prepare(spec)

    due = calendar.due(start, target, spans)

    if due is not None:
        assert calendar.worked_between(start, due, spans) == target
        assert calendar.worked_between(start, due - timedelta(microseconds=1), spans) < target


@BOUNDED
@given(st.data())
def test_pausing_for_no_time_changes_nothing(data):
    spec = data.draw(specs())
    start, spans, target = data.draw(moments(spec)), data.draw(pauses(spec)), target_of(data)
    instant = data.draw(moments(spec))
    calendar = prepare(spec)

    assert calendar.due(start, target, [*spans, (instant, instant)]) == calendar.due(
        start, target, spans
    )


@BOUNDED
@given(st.data())
def test_more_target_or_more_pause_is_never_due_earlier(data):
    spec = data.draw(specs())
    start, spans, target = data.draw(moments(spec)), data.draw(pauses(spec)), target_of(data)
    more, further = target_of(data), data.draw(pauses(spec, most=1))
    calendar = prepare(spec)

    due = calendar.due(start, target, spans)
    later = (
        calendar.due(start, target + more, spans),
        calendar.due(start, target, spans + further),
    )

    assert all(other is None or (due is not None and other >= due) for other in later)


@BOUNDED
@given(st.data())
def test_a_later_start_is_never_due_earlier(data):
    spec = data.draw(specs())
    early, late = sorted(data.draw(moments(spec)) for _ in range(2))
    spans, target = data.draw(pauses(spec)), target_of(data)
    calendar = prepare(spec)

    first, second = calendar.due(early, target, spans), calendar.due(late, target, spans)

    assert first is None or second is None or first <= second


@BOUNDED
@given(st.data())
def test_the_order_of_pauses_does_not_matter(data):
    spec = data.draw(specs())
    start, spans, target = data.draw(moments(spec)), data.draw(pauses(spec)), target_of(data)
    shuffled = data.draw(st.permutations(spans))
    calendar = prepare(spec)

    assert calendar.due(start, target, shuffled) == calendar.due(start, target, spans)


@BOUNDED
@given(st.data())
def test_day_slices_add_up_to_the_working_time(data):
    spec = data.draw(specs())
    spans = data.draw(pauses(spec))
    start, end = sorted(data.draw(moments(spec)) for _ in range(2))
    calendar = prepare(spec)

    slices = calendar.day_slices(start, end, spans)

    assert sum((piece.worked for piece in slices), ZERO) == calendar.worked_between(
        start, end, spans
    )
    assert [piece.day for piece in slices] == sorted({piece.day for piece in slices})
