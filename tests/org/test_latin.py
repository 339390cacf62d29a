"""Pinyin of names, with the readings family names have."""

import pytest

from neike.org.latin import latin_name, search_form


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("陈思远", "chen siyuan", "csy"),
        ("单田芳", "shan tianfang", "stf"),
        ("曾国藩", "zeng guofan", "zgf"),
        ("解缙", "xie jin", "xj"),
        ("仇英", "qiu ying", "qy"),
        ("翟志刚", "zhai zhigang", "zzg"),
        ("任长霞", "ren zhangxia", "rzx"),
        ("吕布", "lv bu", "lb"),
        ("欧阳娜娜", "ouyang nana", "oynn"),
        ("尉迟恭", "yuchi gong", "ycg"),
        ("万俟洛", "moqi luo", "mql"),
        ("Grace Hopper", "grace hopper", "gh"),
        ("Émile Zola", "emile zola", "ez"),
        ("古丽·买买提", "guli maimaiti", "gm"),
        ("王", "wang", "w"),
        ("", "", ""),
        ("  ", "", ""),
    ],
)
def test_names_are_spelled_as_people_say_them(name, full, initials):
    latin = latin_name(name)

    assert (latin.full, latin.initials) == (full, initials)


def test_a_very_long_name_fits_its_column():
    latin = latin_name("陈" + "装" * 500)

    assert (len(latin.full), len(latin.initials)) == (200, 40)


@pytest.mark.parametrize("typed", ["Chen Siyuan", "chensiyuan", "chen si yuan", "CHEN-SIYUAN"])
def test_what_people_type_is_compared_without_spaces_and_case(typed):
    assert search_form(typed) == "chensiyuan"
