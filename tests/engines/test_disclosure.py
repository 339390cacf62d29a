"""Nothing smaller than k people can be reached from what is published, by whatever arithmetic."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neike.engines.disclosure import Answer, Atom, by_group, by_slot, may_show_buckets, release

answers = st.lists(
    st.builds(
        Answer,
        slot=st.integers(0, 6),
        group=st.integers(1, 5),
        rater=st.integers(1, 14),
        score=st.integers(1, 5),
    ),
    max_size=60,
)


def people(given_answers, places):
    return {given_answers[place].rater for place in places}


def some(group, raters, *, slot=0, scores=(4, 5)):
    return [Answer(slot, group, rater, scores[i % len(scores)]) for i, rater in enumerate(raters)]


@given(answers)
def test_every_atom_holds_answers_of_at_least_five_people(them):
    atoms = release(them)

    assert all(len(people(them, atom.members)) >= 5 for atom in atoms)


@given(answers)
def test_no_answer_is_published_twice(them):
    places = [place for atom in release(them) for place in atom.members]

    assert len(places) == len(set(places))


@given(answers)
def test_later_answers_never_change_what_was_published(them):
    until = [one for one in them if one.slot <= 3]
    ordered = until + [one for one in them if one.slot > 3]

    before = release(until)

    assert release(ordered)[: len(before)] == before


@given(answers)
def test_no_atom_is_published_before_its_last_answer(them):
    assert all(them[place].slot <= atom.slot for atom in release(them) for place in atom.members)


@settings(max_examples=60)
@given(answers)
def test_no_small_set_lies_in_the_span_of_everything_shown(them):
    """Stack the indicator of every aggregate ever shown; no set of fewer than five people is in the row space."""
    atoms = release(them)
    shown = [by_group(atoms), by_slot(atoms), {None: [p for a in atoms for p in a.members]}]
    rows = [set(places) for table in shown for places in table.values()]
    rows += [set(a.members) for a in atoms]

    # Columns that are equal in every row cannot be told apart by any combination of rows: they form the cells.
    cells: dict[tuple[bool, ...], set[int]] = {}
    for place in range(len(them)):
        cells.setdefault(tuple(place in row for row in rows), set()).add(place)
    reachable = [cell for pattern, cell in cells.items() if any(pattern)]

    assert all(len(people(them, cell)) >= 5 for cell in reachable)


def test_one_hidden_part_is_not_left_over_from_the_total():
    """T1: nine answers of one department and two of another: the two are not in the total either."""
    them = some(1, range(1, 10)) + some(2, [20, 21])

    assert release(them) == [Atom(0, 1, tuple(range(9)))]


def test_small_parts_are_pooled_when_together_they_are_enough():
    them = some(1, range(1, 6)) + some(2, [20, 21, 22]) + some(3, [30, 31])

    assert release(them) == [Atom(0, 1, (0, 1, 2, 3, 4)), Atom(0, None, (5, 6, 7, 8, 9))]


def test_last_months_total_cannot_be_taken_from_this_months():
    """T5: one more answer next month changes nothing that is shown."""
    first = some(1, range(1, 6))

    assert release([*first, Answer(1, 1, 99, 1)]) == release(first)


def test_what_waited_is_published_with_what_comes_later():
    them = some(1, [1, 2, 3], slot=0) + some(1, [4, 5], slot=2, scores=(1,))

    assert release(them) == [Atom(2, 1, (0, 1, 2, 3, 4))]


def test_one_person_many_times_is_one_person():
    them = some(1, [1, 1, 1, 1, 2, 2, 3])

    assert release(them) == []


@pytest.mark.parametrize(("count", "shown"), [(5, False), (9, False), (10, True)])
def test_a_unanimous_few_wait(count, shown):
    """T10: if five all say 1, each of them is known to have said 1."""
    assert bool(release(some(1, range(count), scores=(1,)))) is shown


def test_a_single_group_left_keeps_its_name():
    them = some(1, [1, 2, 3], slot=0) + some(1, [4, 5, 6], slot=1)

    assert [atom.group for atom in release(them)] == [1]


def test_k_of_one_is_no_protection():
    with pytest.raises(ValueError, match="k must be"):
        release([], k=1)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((0, 0, 3, 4, 3), True),
        ((0, 0, 3, 4, 2), False),
        ((0, 0, 1, 9, 9), False),
        ((0, 0, 0, 4, 5), False),
        ((0, 0, 0, 0, 10), True),
    ],
)
def test_a_distribution_shows_no_lonely_bucket(counts, shown):
    assert may_show_buckets(counts) is shown
