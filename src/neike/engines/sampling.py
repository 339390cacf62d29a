"""A random sample that everybody can draw again: the order follows from a seed that is written down."""

from collections.abc import Iterable
from hashlib import sha256
from math import ceil


def sample_size(population: int, *, percent: int = 0, number: int = 0) -> int:
    """Return how many to draw: so many of a hundred, rounded up, or a number; never more than there are.

    Raises:
        ValueError: both or neither is given, one is negative, or `percent` is more than 100.
    """
    if population < 0 or percent < 0 or number < 0 or percent > 100:  # noqa: PLR2004 - a percentage
        raise ValueError(f"cannot draw {percent} % or {number} of {population}")
    if bool(percent) == bool(number):
        raise ValueError("either a percentage or a number is needed")
    return min(population, number or ceil(population * percent / 100))


def draw(keys: Iterable[str], size: int, *, seed: str) -> list[str]:
    """Return `size` of the keys, each as likely as any other before the seed is known; sorted by their lot.

    The lot of a key is the SHA-256 of seed, a line feed and key, so the order of `keys` does not matter.

    Raises:
        ValueError: `size` is negative.

    Source: docs/en/reference/quality-checks.md, rule Q3.
    """
    if size < 0:
        raise ValueError(f"size must not be negative, got {size}")
    return sorted(set(keys), key=lambda key: (lot(key, seed=seed), key))[:size]


def lot(key: str, *, seed: str) -> str:
    """Return the lot of a key as 64 hexadecimal digits."""
    return sha256(f"{seed}\n{key}".encode()).hexdigest()
