"""The five by five table as published, coefficients by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neike.engines.kano import MIN_N, Answer, KanoClass, classify, summarise
from tests.engines.strategies import BOUNDED

LIKE, EXPECT, NEUTRAL, TOLERATE, DISLIKE = range(1, 6)
A, O, M, I, R, Q = KanoClass  # noqa: E741 - the letters everybody uses

PUBLISHED = [
    # Berger et al. (1993): if it is there -> if it is not there: like, expect, neutral, tolerate, dislike
    (LIKE, [Q, A, A, A, O]),
    (EXPECT, [R, I, I, I, M]),
    (NEUTRAL, [R, I, I, I, M]),
    (TOLERATE, [R, I, I, I, M]),
    (DISLIKE, [R, R, R, R, Q]),
]
PAIRS = {
    A: (LIKE, NEUTRAL),
    O: (LIKE, DISLIKE),
    M: (EXPECT, DISLIKE),
    I: (NEUTRAL, NEUTRAL),
    R: (DISLIKE, LIKE),
    Q: (LIKE, LIKE),
}
ANSWERS = st.tuples(st.integers(1, 5), st.integers(1, 5))


def answers(**counts):
    return [PAIRS[KanoClass(letter)] for letter, count in counts.items() for _ in range(count)]


@pytest.mark.parametrize(("functional", "row"), PUBLISHED)
def test_every_pair_has_its_published_class(functional, row):
    assert [classify(functional, dysfunctional) for dysfunctional in range(1, 6)] == row


def test_answers_run_from_like_to_dislike():
    assert list(Answer) == [LIKE, EXPECT, NEUTRAL, TOLERATE, DISLIKE]


@pytest.mark.parametrize("pair", [(0, 1), (1, 0), (6, 1), (1, 6)])
def test_an_answer_beyond_the_scale_is_refused(pair):
    with pytest.raises(ValueError, match="is not a valid Answer"):
        classify(*pair)
    with pytest.raises(ValueError, match="is not a valid Answer"):
        summarise([pair])


def test_coefficients_worked_by_hand():
    # better (3 + 4) / (3 + 4 + 5 + 2), worse -(4 + 5) / 14; reverse and questionable count in neither
    found = summarise(answers(A=3, O=4, M=5, I=2, R=1, Q=1))

    assert found.n == 16
    assert found.counts == {A: 3, O: 4, M: 5, I: 2, R: 1, Q: 1}
    assert (found.better, found.worse) == (7 / 14, -9 / 14)
    assert found.kano_class is M
    assert not found.is_mixed


def test_equally_frequent_classes_are_mixed():
    found = summarise(answers(O=5, A=5, I=1))

    assert found.classes == (A, O)
    assert found.kano_class is None
    assert found.is_mixed
    assert (found.better, found.worse) == (10 / 11, -5 / 11)


def test_nine_answers_tell_nothing():
    found = summarise(answers(M=9))

    assert (found.n, found.is_small, found.is_mixed) == (9, True, False)
    assert (found.kano_class, found.better, found.worse, found.counts) == (None, None, None, {})
    assert summarise([]).n == 0


def test_ten_answers_tell_a_class():
    found = summarise(answers(M=10))

    assert (found.kano_class, found.better, found.worse, found.is_small) == (M, 0.0, -1.0, False)


def test_only_reverse_or_questionable_answers_have_no_coefficients():
    found = summarise(answers(R=9, Q=2))

    assert (found.kano_class, found.better, found.worse) == (R, None, None)


@BOUNDED
@given(st.lists(ANSWERS, max_size=40), st.randoms(use_true_random=False))
def test_coefficients_keep_their_range_and_order_does_not_matter(pairs, random):
    found = summarise(pairs)
    mixed = list(pairs)
    random.shuffle(mixed)

    assert summarise(mixed) == found
    assert found.better is None or 0 <= found.better <= 1
    assert found.worse is None or -1 <= found.worse <= 0
    assert sum(found.counts.values()) == (len(pairs) if len(pairs) >= MIN_N else 0)
