"""Invented names: common family names by how common they are, given names, and colleagues abroad."""

import random
from typing import Final

# Family names with their rough share in per mille. Source: 公安部 2020 年全国姓名报告, order of the first fifty.
_FAMILY: Final = {
    "王": 72, "李": 71, "张": 67, "刘": 51, "陈": 45, "杨": 31, "黄": 22, "赵": 20, "吴": 20, "周": 19,
    "徐": 14, "孙": 13, "马": 13, "朱": 12, "胡": 12, "郭": 11, "何": 11, "林": 11, "高": 10, "罗": 10,
    "郑": 9, "梁": 9, "谢": 8, "宋": 8, "唐": 8, "许": 8, "韩": 7, "邓": 7, "冯": 7, "曹": 6,
    "彭": 6, "曾": 6, "肖": 6, "田": 5, "董": 5, "潘": 5, "袁": 5, "蔡": 5, "蒋": 5, "余": 5,
    "于": 5, "杜": 4, "叶": 4, "程": 4, "魏": 4, "苏": 4, "吕": 4, "丁": 4, "任": 3, "欧阳": 2,
}  # fmt: skip
_FIRST: Final = (
    "晓文思雨子嘉佳俊志建国海明宇欣梦若诗一梓浩泽天心婉静雅丽慧敏永春秋凯振立伟书语清云沐之景星"
)
_SECOND: Final = (
    "雨博然怡轩涵琪妍宁阳杰辉强军平华峰林涛波鑫磊超鹏飞洋悦颖婷娜玲霞燕芳兰蕾丹洁晨航睿哲远舟"
)
_ALONE: Final = "敏静伟磊洋勇军杰娟涛超霞平刚辉鹏丹玲婷莉娜飞燕颖亮凯健峰宁欣悦琳晨帆"

ABROAD: Final = (
    "Anna Becker", "Jonas Weber", "Katharina Vogel", "Lukas Brandt", "Sophie Krüger", "Felix Neumann",
    "Mia Hoffmann", "David O'Connor", "Emma Lindqvist", "Tobias Schulz", "Laura Rossi", "Pavel Novak",
    "Hannah Fischer",
)  # fmt: skip
"""The people of the Berlin office, in the order they are taken."""


_ONE_CHARACTER: Final = 0.14
"""The share of given names with one character."""


def chinese_name(rng: random.Random, taken: set[str]) -> str:
    """Return a name that nobody in `taken` has, and add it there."""
    while True:
        family = rng.choices(list(_FAMILY), weights=list(_FAMILY.values()))[0]
        given = (
            rng.choice(_ALONE)
            if rng.random() < _ONE_CHARACTER
            else rng.choice(_FIRST) + rng.choice(_SECOND)
        )
        name = family + given
        if name not in taken and len(set(given)) == len(given):
            taken.add(name)
            return name
