"""Two gaps of a service relation and what they advise. Diagnosis only: no gap ever enters a score."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

LOWEST: Final = 1
HIGHEST: Final = 5

SERVICE_GAP: Final = Fraction(-1, 2)
"""From here down (scale 1-5) what is perceived falls short of what is expected."""
UNDERSTANDING_GAP: Final = Fraction(1, 2)
"""From here up, in either direction, the provider does not know what is expected."""


class Advice(StrEnum):
    """What the two gaps together suggest."""

    KEEP = "keep"
    """Neither gap: what is expected is known and given."""
    TALK = "talk"
    """The provider misjudges what is expected: talk to one another."""
    CAPACITY = "capacity"
    """The provider knows what is expected and falls short: time, people, tools or ability are missing."""
    TALK_FIRST = "talk_first"
    """Both: talk before anything is spent, the effort may go to the wrong place."""
    UNKNOWN = "unknown"
    """An answer is missing that the advice would turn on."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps of one need, or of one dimension of a relation, on the scale 1-5, so each from -4 to 4.

    `service` is negative where the service falls short. `understanding` is negative where the provider thinks the
    customer expects less than is so, positive where it thinks more is expected. None: somebody has not answered.
    """

    service: float | None
    understanding: float | None
    advice: Advice


def diagnose(
    *, perceptions: Sequence[int], expectations: Sequence[int], guesses: Sequence[int]
) -> Gaps:
    """Compute both gaps and their advice from answers of 1 to 5; each list may be empty.

    Service gap G = mean perception - mean expectation (both the customer's). Understanding gap U = mean guess of the
    provider - mean expectation of the customer. U counts from 0.5 in either direction, G from -0.5 down; they are
    compared as fractions, so a gap of exactly that size counts, whatever the number of answers.

    - G > -0.5: keep, or talk when U counts.
    - G <= -0.5: capacity, or talk first when U counts.
    - G not known: unknown, or talk when U counts.

    Without U the advice is unknown.

    Raises:
        ValueError: an answer is not 1 to 5.

    Source: Parasuraman, Zeithaml and Berry (1985), A conceptual model of service quality, Journal of Marketing 49
    (gaps 5 and 1); inside an organisation Frost and Kumar (2000), INTSERVQUAL, Journal of Services Marketing 14.
    """
    expected = _mean(expectations)
    service = _difference(_mean(perceptions), expected)
    understanding = _difference(_mean(guesses), expected)
    return Gaps(
        service=None if service is None else float(service),
        understanding=None if understanding is None else float(understanding),
        advice=_advice(service, understanding),
    )


def _advice(service: Fraction | None, understanding: Fraction | None) -> Advice:
    if understanding is None:
        return Advice.UNKNOWN
    misjudged = abs(understanding) >= UNDERSTANDING_GAP
    if service is None:
        return Advice.TALK if misjudged else Advice.UNKNOWN
    if service <= SERVICE_GAP:
        return Advice.TALK_FIRST if misjudged else Advice.CAPACITY
    return Advice.TALK if misjudged else Advice.KEEP


def _answer(answer: int) -> Fraction:
    if not LOWEST <= answer <= HIGHEST:
        raise ValueError(f"an answer must be {LOWEST} to {HIGHEST}, got {answer}")
    return Fraction(answer)


def _mean(answers: Sequence[int]) -> Fraction | None:
    return sum(map(_answer, answers), Fraction()) / len(answers) if answers else None


def _difference(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one - other


@dataclass(frozen=True, slots=True)
class NeedAnswers:
    """What is known of one need: the expectation, and what people perceived and guessed, each 1 to 5."""

    expected: int
    perceptions: Sequence[int] = ()
    guesses: Sequence[int] = ()


def diagnose_needs(needs: Iterable[NeedAnswers]) -> Gaps:
    """Compute both gaps over several needs, comparing every answer with the expectation of its own need.

    For one need this is `diagnose`. Over several, a need that nobody has answered yet does not shift the mean
    expectation that the answers to others are held against.

    Raises:
        ValueError: an answer is not 1 to 5.
    """
    perceived: list[Fraction] = []
    guessed: list[Fraction] = []
    for need in needs:
        expected = _answer(need.expected)
        perceived += [_answer(each) - expected for each in need.perceptions]
        guessed += [_answer(each) - expected for each in need.guesses]
    service = sum(perceived, Fraction()) / len(perceived) if perceived else None
    understanding = sum(guessed, Fraction()) / len(guessed) if guessed else None
    return Gaps(
        service=None if service is None else float(service),
        understanding=None if understanding is None else float(understanding),
        advice=_advice(service, understanding),
    )
