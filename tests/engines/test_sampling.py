"""Samples are random, and can be drawn again by whoever knows the seed."""

import subprocess
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neike.engines.sampling import draw, lot, sample_size

KEYS = [f"key-{number}" for number in range(20)]


def test_the_lot_is_what_the_system_s_own_tool_says() -> None:
    said = subprocess.run(
        ["/usr/bin/sha256sum"], input=b"2026-03\nkey-1", capture_output=True, check=True
    ).stdout

    assert lot("key-1", seed="2026-03") == said.split()[0].decode()


@pytest.mark.parametrize(
    ("population", "more", "size"),
    [
        (200, {"percent": 5}, 10),
        (201, {"percent": 5}, 11),
        (3, {"percent": 5}, 1),
        (0, {"percent": 5}, 0),
        (200, {"number": 10}, 10),
        (7, {"number": 10}, 7),
        (7, {"percent": 100}, 7),
    ],
)
def test_sizes(population: int, more: dict[str, int], size: int) -> None:
    assert sample_size(population, **more) == size


@pytest.mark.parametrize(
    "more", [{}, {"percent": 5, "number": 5}, {"percent": 101}, {"number": -1}]
)
def test_sizes_that_make_no_sense_are_refused(more: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"needed|cannot"):
        sample_size(10, **more)


@given(st.permutations(KEYS), st.integers(0, 25), st.text(max_size=5))
def test_the_order_of_asking_changes_nothing(keys: list[str], size: int, seed: str) -> None:
    found = draw(keys, size, seed=seed)

    assert found == draw(KEYS, size, seed=seed)
    assert len(set(found)) == min(size, len(KEYS))


def test_a_larger_sample_holds_the_smaller_one() -> None:
    assert draw(KEYS, 10, seed="a")[:4] == draw(KEYS, 4, seed="a")


def test_every_key_is_drawn_about_equally_often() -> None:
    counts = Counter(key for seed in range(2000) for key in draw(KEYS, 5, seed=str(seed)))

    # 2000 draws of 5 in 20: 500 each, standard deviation 19.4; five of them
    assert all(abs(counts[key] - 500) < 97 for key in KEYS)


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        draw(KEYS, -1, seed="")
