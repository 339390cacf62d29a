"""Geometry of the drawings the server makes."""

import pytest

from neike.kernel.ui import drawings


def test_a_sparkline_spans_its_canvas_from_oldest_to_newest():
    spark = drawings.spark([0, 10], width=100, height=20, pad=2)

    assert spark == drawings.Spark(
        line="M0.0 18.0 L100.0 2.0", area="M0.0 18.0 L100.0 2.0 L100.0 20 L0.0 20 Z", x=100, y=2
    )


def test_equal_values_lie_at_half_height():
    spark = drawings.spark([5, 5, 5], width=100, height=20)

    assert spark is not None
    assert spark.line == "M0.0 10.0 L50.0 10.0 L100.0 10.0"


@pytest.mark.parametrize("values", [[], [1], [None, 3, None]])
def test_fewer_than_two_known_values_draw_nothing(values):
    assert drawings.spark(values, width=100, height=20) is None


@pytest.mark.parametrize(
    ("value", "low", "high"), [(50, 60, 70), (50, 10, 40), (-1, -2, 3), (99, 90, 101)]
)
def test_what_is_no_interval_is_refused(value, low, high):
    with pytest.raises(ValueError, match="not an interval"):
        drawings.interval(value, low, high)


def test_a_ring_begins_at_the_top_and_runs_clockwise():
    arcs = drawings.ring(4, radius=10, centre=10, gap=0)

    assert [arc.path for arc in arcs] == [
        "M10.0 0.0 A10 10 0 0 1 20.0 10.0",
        "M20.0 10.0 A10 10 0 0 1 10.0 20.0",
        "M10.0 20.0 A10 10 0 0 1 0.0 10.0",
        "M0.0 10.0 A10 10 0 0 1 10.0 0.0",
    ]


def test_a_ring_of_one_is_refused():
    with pytest.raises(ValueError, match="at least two"):
        drawings.ring(1, radius=10, centre=10, gap=0)
