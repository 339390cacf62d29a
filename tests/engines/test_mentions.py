"""Mentions in texts: what is one, what is none, and how it is stored."""

import pytest

from neike.engines import mentions

REFERENCE = "0190abcd-0000-7000-8000-000000000000"


def numbers(text):
    return [each.number for each in mentions.written(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@E12 please", ["E12"]),
        ("see @E12.", ["E12"]),
        ("请@YL0001看一下", ["YL0001"]),
        ("@Anna Li(E13)", ["E13"]),
        ("@王芳（E14）好", ["E14"]),
        ("(@E12)", ["E12"]),
        ("a@b.com", []),
        ("https://x.org/@E12", []),
        ("@@E12", []),
        ("`@E12` and\n```\n@E13\n```\nthen @E14", ["E14"]),
        ("@ E12", []),
        ("", []),
    ],
)
def test_a_mention_begins_a_word_outside_of_code(text, found):
    assert [each for each in numbers(text) if each in {"E12", "E13", "E14", "YL0001"}] == found


def test_words_in_front_of_brackets_may_be_no_name_at_all():
    assert numbers("@E12 look at it (E13)") == ["E13", "E12"]


def test_only_who_is_meant_is_replaced_and_nothing_else_is_lost():
    text = "@E12 look at it (soon), @Anna Li(E13)! @nobody"

    stored = mentions.replaced(
        text, lambda each: REFERENCE if each.number in {"E12", "E13"} else ""
    )

    assert stored == f"@{{{REFERENCE}}} look at it (soon), @{{{REFERENCE}}}! @nobody"
    assert mentions.references(stored) == [REFERENCE]
    assert mentions.without(stored) == "look at it (soon), ! @nobody"


@pytest.mark.parametrize(
    ("name", "number"),
    [("Anna Li", "E1"), ("王芳", "YL0001"), ("Li (Bob) @x", "E-2"), ("a", "7")],
)
def test_what_the_list_puts_in_is_found_again(name, number):
    typed = mentions.typed(name, number, REFERENCE)

    first = mentions.written(typed)[0]
    assert (first.start, first.end, first.number) == (0, len(typed), number)
    assert first.name == mentions.plain_name(name)


@pytest.mark.parametrize("number", ["has blank", "(x)", "a@b"])
def test_a_number_that_cannot_be_written_so_is_a_reference_at_once(number):
    assert mentions.typed("Anna", number, REFERENCE) == f"@{{{REFERENCE}}}"


def test_a_long_hostile_text_is_read_quickly():
    assert mentions.written("@a" * 10_000) is not None
    assert mentions.written("@" + "a " * 10_000) is not None
    assert len(mentions.written("@E1 " * 10_000)) <= mentions.MOST + 1
