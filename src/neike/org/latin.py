"""Names in Latin letters: pinyin with the readings that family names have, for sorting and search."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from pypinyin import lazy_pinyin

_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_FULL_LENGTH: Final = 200
_INITIALS_LENGTH: Final = 40

# Characters read in another way when they are a family name.
# Source: 现代汉语词典 (第7版), entries marked 姓.
_FAMILY_READINGS: Final = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "盖": "ge",
    "朴": "piao", "翟": "zhai", "覃": "qin", "乐": "yue", "缪": "miao", "员": "yun", "秘": "bi",
    "洗": "xian", "折": "she", "黑": "he", "召": "shao", "繁": "po", "隗": "wei", "祭": "zhai",
    "种": "chong", "重": "chong", "么": "yao", "都": "du", "牟": "mu", "郇": "xun", "佴": "nai",
    "藏": "zang", "卜": "bu", "粘": "nian", "长": "chang",
}  # fmt: skip
# Family names of two characters, with their reading.
_DOUBLE_FAMILY_NAMES: Final = {
    "欧阳": "ouyang", "司马": "sima", "上官": "shangguan", "诸葛": "zhuge", "东方": "dongfang",
    "皇甫": "huangfu", "尉迟": "yuchi", "公孙": "gongsun", "慕容": "murong", "令狐": "linghu",
    "司徒": "situ", "长孙": "zhangsun", "夏侯": "xiahou", "宇文": "yuwen", "轩辕": "xuanyuan",
    "端木": "duanmu", "万俟": "moqi", "澹台": "tantai", "独孤": "dugu", "南宫": "nangong",
    "西门": "ximen", "闻人": "wenren", "赫连": "helian", "钟离": "zhongli", "濮阳": "puyang",
    "淳于": "chunyu", "单于": "chanyu", "太叔": "taishu", "申屠": "shentu", "呼延": "huyan",
    "拓跋": "tuoba", "百里": "baili", "东郭": "dongguo", "鲜于": "xianyu", "司空": "sikong",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LatinName:
    """`full` is lower case with a space after the family name ("chen siyuan"); `initials` are "csy"."""

    full: str
    initials: str


def latin_name(name: str) -> LatinName:
    """Return the Latin form of a person's name.

    A name of several words, Latin or transcribed (separated by spaces or ·), keeps its words in their order.
    Accents are dropped; the pinyin `ü` is written `v`, as it is typed.
    """
    words = re.split(r"[\s·・]+", name.strip())
    if len(words) > 1 or not _HAN.match(words[0]):
        return _joined([syllable for word in words for syllable in (_spelled(word),) if syllable])
    family, given = _split(words[0])
    syllables = _syllables(given)
    first = [_DOUBLE_FAMILY_NAMES.get(family) or _FAMILY_READINGS.get(family) or _spelled(family)]
    initials = [first[0][0], *(_spelled(character)[0] for character in family[1:])]
    initials += [syllable[0] for syllable in syllables]
    full = " ".join([*first, "".join(syllables)]).strip()
    return LatinName(full[:_FULL_LENGTH], "".join(initials)[:_INITIALS_LENGTH])


def search_form(text: str) -> str:
    """Return what a person typed in the form names are compared in: lower case without spaces or apostrophes."""
    return re.sub(r"[\s'’·-]+", "", text).lower().replace("ü", "v")


def _split(name: str) -> tuple[str, str]:
    """Return the family name and the given name of a Chinese name; a lone character is a family name."""
    length = 2 if name[:2] in _DOUBLE_FAMILY_NAMES and len(name) > len(name[:2]) else 1
    return name[:length], name[length:]


def _joined(words: list[str]) -> LatinName:
    initials = "".join(word[0] for word in words)
    return LatinName(" ".join(words)[:_FULL_LENGTH], initials[:_INITIALS_LENGTH])


def _spelled(word: str) -> str:
    return "".join(_syllables(word))


def _syllables(text: str) -> list[str]:
    """Return one item for each Chinese character and one for each run of anything else, without accents."""
    plain = unicodedata.normalize("NFKD", "".join(text.split())).lower()
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return lazy_pinyin(letters) if letters else []
