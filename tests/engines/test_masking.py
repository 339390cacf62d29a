"""People leave a text that others are to read."""

from neike.engines.masking import mask


def masked(text, *, involved=(), others=()):
    return mask(text, involved=involved, others=others, stand_in="[x]")


def test_names_of_those_involved_are_taken_out_whole_word_only():
    found = masked("Ann asked Anna. ANN is happy.", involved=["Ann"])

    assert (found.text, found.removed) == ("[x] asked Anna. [x] is happy.", ("name",))


def test_the_longer_name_goes_first():
    assert masked("林晓雨说晓雨在", involved=["晓雨", "林晓雨"]).text == "[x]说[x]在"


def test_addresses_and_long_numbers_are_taken_out_and_short_ones_and_dates_stay():
    found = masked("Write to ann@example.com or 138 0013 8000, room 6012, on 2026-03-02")

    assert found.text == "Write to [x] or [x], room 6012, on 2026-03-02"
    assert found.removed == ("address", "number")


def test_other_peoples_names_stay_and_are_flagged():
    found = masked("王芳处理过，高原反应", others=["王芳", "李", "周"])

    assert (found.text, found.flagged) == ("王芳处理过，高原反应", ("王芳",))


def test_a_name_with_signs_of_a_pattern_is_only_a_name():
    assert masked("a.b (c) axb", involved=["a.b (c)"]).text == "[x] axb"
