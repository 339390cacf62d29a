"""Counts per pair and window against counting one by one."""

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from neike.engines.tallies import NOBODY, Legs, Tally, tally

LEG = st.tuples(
    st.integers(1, 3),  # supplier
    st.integers(1, 3),  # customer
    st.integers(8100, 8103),  # quarter
    st.integers(0, 1),  # handed over
    st.integers(1, 6),  # ticket
    st.sampled_from([NOBODY, 1, 2, 3, 2**40]),
    st.sampled_from([NOBODY, 4, 5, 6]),
)


def legs_of(rows):
    return Legs(*np.array(rows, dtype=np.int64).reshape(len(rows), 7).T)


def one_by_one(rows):
    windows = defaultdict(list)
    for row in rows:
        supplier, customer, quarter = row[:3]
        for end, length in ((quarter, 1), (quarter, 2), (quarter + 1, 2)):
            windows[supplier, customer, end, length].append(row)
    return [
        Tally(
            *key,
            legs=len(some),
            tickets=len({row[4] for row in some}),
            supplier_people=len({row[5] for row in some} - {NOBODY}),
            customer_people=len({row[6] for row in some} - {NOBODY}),
            handovers=sum(row[3] for row in some),
        )
        for key, some in sorted(windows.items())
    ]


@given(st.lists(LEG, max_size=60))
def test_counts_equal_those_made_one_by_one(rows):
    assert tally(legs_of(rows)) == one_by_one(rows)


@given(st.lists(LEG, max_size=40), st.randoms())
def test_order_does_not_matter(rows, random):
    assert tally(legs_of(random.sample(rows, len(rows)))) == tally(legs_of(rows))


def test_no_legs_have_no_counts():
    assert tally(legs_of([])) == []
