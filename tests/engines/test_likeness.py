"""What two texts are about, by the words they share."""

from hypothesis import given
from hypothesis import strategies as st

from neike.engines import likeness
from neike.engines.likeness import Candidate


def test_words_are_latin_words_and_pairs_of_chinese_characters():
    assert likeness.words("VPN 故障码 vpn, is on") == {"vpn": 2, "故障": 1, "障码": 1}


def test_what_every_question_says_is_no_word():
    assert likeness.words("请问怎么 please help the 我们") == {"help": 1, "问怎": 1}


def test_full_width_letters_count_as_the_same():
    assert likeness.words("\uff36\uff30\uff2e") == likeness.words("vpn")


def test_a_word_of_the_title_weighs_three_and_the_most_frequent_words_stay():
    assert likeness.weights("printer", "paper paper tray printer", most=2) == {
        "printer": 3,
        "paper": 1,
    }


def test_the_rarer_word_decides():
    candidates = [
        Candidate(1, {"printer": 1, "paper": 1}),
        Candidate(2, {"printer": 3}),
        Candidate(3, {"printer": 1, "toner": 3}),
    ]

    assert likeness.rank(["printer", "toner"], candidates, total=20)[0] == 3


def test_one_shared_word_of_the_body_is_not_enough():
    assert likeness.rank(["printer"], [Candidate(1, {"printer": 1})], total=20) == []


def test_one_shared_word_among_many_asked_is_not_enough():
    asked = [f"word{number}" for number in range(30)]

    assert likeness.rank(asked, [Candidate(1, {"word1": 3})], total=20, least=0.3) == []


@given(st.lists(st.sampled_from(["aaa", "bbb", "ccc", "ddd"]), max_size=4))
def test_a_text_that_holds_all_words_in_its_title_is_never_behind_one_that_holds_some(asked):
    whole = Candidate(1, dict.fromkeys(asked, 3))
    part = Candidate(2, dict.fromkeys(asked[:1], 3))

    ranked = likeness.rank(asked, [part, whole], total=20)

    assert ranked[:1] == ([1] if asked else [])
