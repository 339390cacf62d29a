"""The worked examples of the reference pages are computed."""

from pathlib import Path

import numpy as np
import pytest

from neike.engines.backtest import History, Verdict, attainment, hits_needed
from neike.engines.sampling import sample_size
from neike.engines.shares import wilson

DOCS = Path(__file__).resolve().parents[2] / "docs"
WORDS = {
    "en": {Verdict.SUPPORTED: "supported", Verdict.NOT_SUPPORTED: "not supported"},
    "zh": {Verdict.SUPPORTED: "有依据", Verdict.NOT_SUPPORTED: "没有依据"},
}


def examples(language: str) -> list[list[str]]:
    """Return the rows of the table of worked examples."""
    lines = (DOCS / language / "reference" / "back-test.md").read_text().splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if len(row) == 5 and row[0].isdigit()]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_worked_examples_are_right(language: str) -> None:
    rows = examples(language)

    assert len(rows) == 5
    for kept, n, share, interval, verdict in rows:
        used = np.array([1.0] * int(kept) + [3.0] * (int(n) - int(kept)))
        found = attainment(History(used, np.ones(int(n), dtype=np.bool_)), 2)
        assert found.share is not None
        assert found.low is not None
        assert found.high is not None
        assert share == f"{found.share:.1%}"
        assert interval == f"{found.low * 100:.1f}–{found.high:.1%}"
        assert verdict == WORDS[language][found.verdict(0.9)]


def test_the_other_numbers_of_the_pages() -> None:
    assert hits_needed(200, 0.9) == 189
    assert (hits_needed(34, 0.9), hits_needed(35, 0.9)) == (None, 35)
    assert sample_size(201, percent=5) == 11
    nine = wilson(9, 10)
    assert nine is not None
    assert (round(nine.low, 3), round(nine.high, 3)) == (0.596, 0.982)
