"""When an approval is given and when it is refused."""

from itertools import product

import pytest

from neike.engines.approvals import Verdict, needed, verdict


@pytest.mark.parametrize(
    ("quorum", "asked", "expected"),
    [("all", 3, 3), ("any", 3, 1), ("2", 3, 2), ("5", 3, 3), ("1", 1, 1)],
)
def test_how_many_must_agree(quorum: str, asked: int, expected: int) -> None:
    assert needed(quorum, asked) == expected


@pytest.mark.parametrize(("quorum", "asked"), [("all", 0), ("most", 3), ("0", 3), ("-1", 3)])
def test_what_is_no_number_of_people_is_refused(quorum: str, asked: int) -> None:
    with pytest.raises(ValueError, match=r".+"):
        needed(quorum, asked)


@pytest.mark.parametrize(
    ("asked", "need", "given", "refused", "expected"),
    [
        (1, 1, 0, 0, "open"),
        (1, 1, 1, 0, "approved"),
        (1, 1, 0, 1, "refused"),
        (3, 3, 2, 0, "open"),
        (3, 3, 2, 1, "refused"),  # all: one refusal ends it
        (3, 1, 0, 2, "open"),  # any: two refusals leave one who may agree
        (3, 1, 0, 3, "refused"),
        (5, 3, 2, 2, "open"),  # 3 of 5
        (5, 3, 3, 2, "approved"),
        (5, 3, 2, 3, "refused"),
    ],
)
def test_verdicts(asked: int, need: int, given: int, refused: int, expected: str) -> None:
    assert verdict(asked=asked, needed=need, given=given, refused=refused) == expected


def test_once_everybody_has_spoken_there_is_a_verdict() -> None:
    for asked, need in product(range(1, 8), range(1, 8)):
        if need <= asked:
            for given in range(asked + 1):
                found = verdict(asked=asked, needed=need, given=given, refused=asked - given)
                assert found is (Verdict.APPROVED if given >= need else Verdict.REFUSED)
