"""Two gaps and their advice, each alone and together."""

from statistics import fmean

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from neike.engines.gaps import Advice, Gaps, NeedAnswers, diagnose, diagnose_needs
from tests.engines.strategies import BOUNDED

ANSWERS = st.lists(st.integers(1, 5), max_size=8)

ADVICE = [
    # perceptions, expectations, guesses, service gap, understanding gap, advice
    ([4, 4], [4, 4], [4], 0.0, 0.0, Advice.KEEP),
    ([3, 3], [4, 4], [4], -1.0, 0.0, Advice.CAPACITY),
    ([4, 4], [4, 4], [2], 0.0, -2.0, Advice.TALK),
    ([4, 4], [4, 4], [5], 0.0, 1.0, Advice.TALK),
    ([3, 3], [4, 4], [2], -1.0, -2.0, Advice.TALK_FIRST),
    ([3, 3], [4, 4], [5], -1.0, 1.0, Advice.TALK_FIRST),
    ([5, 5], [4, 4], [4], 1.0, 0.0, Advice.KEEP),  # more than expected is no gap to close
    ([4, 3], [4, 4], [4], -0.5, 0.0, Advice.CAPACITY),  # exactly at the threshold counts
    ([4, 4, 3], [4, 4, 4], [4], -1 / 3, 0.0, Advice.KEEP),
    ([4, 4], [4, 4], [4, 5], 0.0, 0.5, Advice.TALK),
    ([4, 4], [4, 4], [4, 3], 0.0, -0.5, Advice.TALK),
    ([4, 4], [4, 4], [4, 4, 5], 0.0, 1 / 3, Advice.KEEP),
    # 10/3 - 23/6 is -1/2, which binary fractions miss
    ([3, 3, 4], [4, 4, 4, 4, 4, 3], [4, 4, 4, 4, 4, 3], -0.5, 0.0, Advice.CAPACITY),
]


@pytest.mark.parametrize(
    ("perceptions", "expectations", "guesses", "service", "understanding", "advice"), ADVICE
)
def test_each_gap_alone_and_both_together_give_their_advice(
    perceptions, expectations, guesses, service, understanding, advice
):
    found = diagnose(perceptions=perceptions, expectations=expectations, guesses=guesses)

    assert found == Gaps(service, understanding, advice)


MISSING = [
    ([], [], [], None, None, Advice.UNKNOWN),
    ([3], [], [3], None, None, Advice.UNKNOWN),
    ([3], [5], [], -2.0, None, Advice.UNKNOWN),
    ([], [5], [5], None, 0.0, Advice.UNKNOWN),
    (
        [],
        [5],
        [2],
        None,
        -3.0,
        Advice.TALK,
    ),  # whatever is perceived, the answer begins with talking
]


@pytest.mark.parametrize(
    ("perceptions", "expectations", "guesses", "service", "understanding", "advice"), MISSING
)
def test_what_was_not_answered_is_not_known(
    perceptions, expectations, guesses, service, understanding, advice
):
    found = diagnose(perceptions=perceptions, expectations=expectations, guesses=guesses)

    assert found == Gaps(service, understanding, advice)


@pytest.mark.parametrize("answer", [0, 6, -1])
@pytest.mark.parametrize("whose", ["perceptions", "expectations", "guesses"])
def test_an_answer_beyond_the_scale_is_refused(whose, answer):
    with pytest.raises(ValueError, match="must be 1 to 5"):
        diagnose(**{"perceptions": [3], "expectations": [3], "guesses": [3], whose: [answer]})


@BOUNDED
@given(ANSWERS, ANSWERS, ANSWERS)
def test_gaps_are_differences_of_means_and_only_the_provider_misjudging_calls_for_talk(
    perceptions, expectations, guesses
):
    found = diagnose(perceptions=perceptions, expectations=expectations, guesses=guesses)

    known = bool(perceptions and expectations), bool(guesses and expectations)
    assert (found.service is not None, found.understanding is not None) == known
    if found.service is not None:
        assert found.service == pytest.approx(fmean(perceptions) - fmean(expectations))
        assert -4 <= found.service <= 4
    if found.understanding is not None:
        assert found.understanding == pytest.approx(fmean(guesses) - fmean(expectations))
        assert (abs(found.understanding) >= 0.5) == (
            found.advice in {Advice.TALK, Advice.TALK_FIRST}
        )


NEED = st.builds(
    NeedAnswers,
    expected=st.integers(1, 5),
    perceptions=ANSWERS,
    guesses=ANSWERS,
)


@BOUNDED
@given(NEED)
def test_the_gaps_of_one_need_are_the_plain_ones(need):
    plain = diagnose(
        perceptions=need.perceptions, expectations=[need.expected], guesses=need.guesses
    )

    assert diagnose_needs([need]) == plain


def test_a_need_nobody_answered_does_not_shift_the_others():
    answered = NeedAnswers(expected=5, perceptions=[5, 5], guesses=[5])

    found = diagnose_needs([answered, NeedAnswers(expected=1)])

    assert found == Gaps(0.0, 0.0, Advice.KEEP)


def test_over_several_needs_every_answer_counts_once():
    one = NeedAnswers(expected=4, perceptions=[2, 2, 2], guesses=[4])
    other = NeedAnswers(expected=2, perceptions=[4], guesses=[5])

    assert diagnose_needs([one, other]) == Gaps(-1.0, 1.5, Advice.TALK_FIRST)


def test_without_any_need_nothing_is_known():
    assert diagnose_needs([]) == Gaps(None, None, Advice.UNKNOWN)


@pytest.mark.parametrize("need", [NeedAnswers(0), NeedAnswers(3, [6]), NeedAnswers(3, [], [0])])
def test_answers_about_needs_outside_the_scale_are_refused(need):
    with pytest.raises(ValueError, match="an answer must be 1 to 5"):
        diagnose_needs([need])


SHIFT = st.integers(-4, 4)


@BOUNDED
@given(st.integers(1, 5), SHIFT, SHIFT, st.integers(1, 4))
def test_whichever_gap_stands_alone_gives_its_own_advice(expected, perceived, guessed, people):
    assume(1 <= expected + perceived <= 5)
    assume(1 <= expected + guessed <= 5)

    found = diagnose(
        perceptions=[expected + perceived] * people,
        expectations=[expected],
        guesses=[expected + guessed] * people,
    )

    assert (found.service, found.understanding) == (perceived, guessed)
    assert (
        found.advice
        == {
            (False, False): Advice.KEEP,
            (
                True,
                False,
            ): Advice.CAPACITY,  # a service gap without misunderstanding suggests capacity
            (False, True): Advice.TALK,  # a misunderstanding suggests a conversation
            (True, True): Advice.TALK_FIRST,
        }[perceived < 0, guessed != 0]
    )
