"""Initials and steady colours."""

import pytest

from neike.kernel.ui import avatars


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("陈思远", "思远"),
        ("王芳", "芳"),
        ("欧阳明月", "明月"),
        ("Siyuan Chen", "SC"),
        ("Maria da Silva", "MS"),
        ("Li", "L"),
        ("陈思远 (Siyuan)", "思远"),
        ("  ", "?"),
        ("<b>", "B"),
    ],
)
def test_initials(name, expected):
    assert avatars.initials(name) == expected


def test_a_person_keeps_their_colour():
    assert avatars.steady_hue("陈思远") == "nk-hue-4"
    assert len({avatars.steady_hue(str(number)) for number in range(50)}) == 6
