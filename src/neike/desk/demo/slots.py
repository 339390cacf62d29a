"""What the blanks in titles and messages are filled with, in Chinese and English."""

from collections.abc import Mapping
from typing import Final

Pair = tuple[str, str]


def _same(*texts: str) -> tuple[Pair, ...]:
    return tuple((text, text) for text in texts)


SLOTS: Final[Mapping[str, tuple[Pair, ...]]] = {
    "system": (
        ("费控系统", "the expense system"),
        ("客户管理系统", "the CRM"),
        ("人事系统", "the HR system"),
        ("项目管理平台", "the project platform"),
        ("代码库", "the code repository"),
        ("仓储系统", "the warehouse system"),
        ("财务系统", "the finance system"),
        ("报表平台", "the reporting platform"),
        ("测试管理系统", "the test management system"),
    ),
    "software": (
        ("三维设计软件", "3D design software"),
        ("电路仿真软件", "circuit simulator"),
        ("数据库客户端", "database client"),
        ("视频剪辑软件", "video editor"),
        ("压缩工具", "archiver"),
        ("流程图工具", "diagram editor"),
        ("PDF 编辑器", "PDF editor"),
        ("统计分析软件", "statistics package"),
    ),
    "project": (
        ("青松项目", "Pine"),
        ("远帆项目", "Far Sail"),
        ("云梯项目", "Cloud Ladder"),
        ("北斗巡检项目", "Northern Patrol"),
        ("磐石项目", "Bedrock"),
        ("晨曦项目", "Daybreak"),
    ),
    "product": (
        ("巡检机器人 R3", "Inspector R3"),
        ("轨道机器人 T2", "Railrunner T2"),
        ("红外云台 P5", "Infrared Head P5"),
        ("充电桩 C1", "Charger C1"),
        ("气体传感器 G4", "Gas Sensor G4"),
    ),
    "item": (
        ("减速电机", "gear motors"),
        ("激光雷达", "laser scanners"),
        ("连接器", "connectors"),
        ("铝合金外壳", "aluminium housings"),
        ("锂电池组", "lithium packs"),
        ("示波器", "oscilloscopes"),
        ("工业相机", "industrial cameras"),
        ("电缆拖链", "cable chains"),
    ),
    "supplier": (
        ("恒岳电机", "Hengyue Motors"),
        ("清河光电", "Qinghe Optics"),
        ("顺联线缆", "Shunlian Cables"),
        ("海棠包装", "Haitang Packaging"),
        ("铸源精工", "Zhuyuan Precision"),
        ("诺维科技", "Nowe Technik"),
    ),
    "client": (
        ("江源电力", "Jiangyuan Power"),
        ("东澜石化", "Donglan Petrochemical"),
        ("鹏城地铁", "Pengcheng Metro"),
        ("金穗粮储", "Jinsui Grain Storage"),
        ("泰港码头", "Taigang Terminal"),
        ("Nordwerk", "Nordwerk"),
        ("Stadtwerke Havel", "Stadtwerke Havel"),
    ),
    "city": (
        ("上海", "Shanghai"),
        ("深圳", "Shenzhen"),
        ("成都", "Chengdu"),
        ("苏州", "Suzhou"),
        ("武汉", "Wuhan"),
        ("西安", "Xi'an"),
        ("青岛", "Qingdao"),
        ("慕尼黑", "Munich"),
    ),
    "room": (
        ("黄山会议室", "room Huangshan"),
        ("泰山会议室", "room Taishan"),
        ("华山会议室", "room Huashan"),
        ("衡山会议室", "room Hengshan"),
        ("三楼培训室", "the training room"),
    ),
    "floor": (
        ("三楼东区", "floor 3 east"),
        ("三楼西区", "floor 3 west"),
        ("五楼", "floor 5"),
        ("六楼研发区", "floor 6"),
        ("二号楼一层", "building 2, ground floor"),
    ),
    "seat": _same("3F-118", "5F-042", "6F-207", "6F-233", "2B-016"),
}

COLLEAGUES: Final = ("colleague", "newcomer")
"""Blanks that take a person's name; `newcomer` is nobody of the present staff."""
