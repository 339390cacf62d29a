"""Which column holds what: guessed from the header in both languages, changed by hand."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _

FIELDS: Final = {
    "employee_no": _("employee number"),
    "name": _("full name"),
    "email": _("e-mail"),
    "department_code": _("department code"),
    "department": _("department"),
    "parent": _("department above"),
    "title": _("position"),
    "manager": _("manager"),
    "valid_from": _("from date"),
}
REQUIRED: Final = ("employee_no", "name")
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "employee_no": (
        "employeenumber", "employeeno", "employeeid", "staffno", "staffid", "personnelnumber", "empno", "empid",
        "工号", "员工编号", "员工号", "人员编号", "职工号", "职工编号",
    ),
    "name": ("name", "fullname", "employeename", "displayname", "姓名", "员工姓名", "名字"),
    "email": ("email", "emailaddress", "mail", "workemail", "邮箱", "电子邮箱", "电子邮件", "邮件", "公司邮箱"),
    "department_code": (
        "departmentcode", "deptcode", "departmentid", "deptid", "orgcode", "unitcode", "costcenter",
        "部门编码", "部门编号", "部门代码", "组织编码", "部门号",
    ),
    "department": (
        "department", "departmentname", "departmentpath", "dept", "deptname", "unit", "orgunit", "team",
        "部门", "部门名称", "所属部门", "所在部门", "部门路径", "组织",
    ),
    "parent": (
        "parentdepartment", "parentdept", "departmentparent", "parentdepartmentcode", "parent", "parentcode",
        "上级部门", "上级部门编码", "父部门", "上级组织", "上级部门编号",
    ),
    "title": (
        "position", "positiontitle", "title", "jobtitle", "job", "role", "岗位", "职位", "岗位名称", "职务", "职位名称",
    ),
    "manager": (
        "manager", "managerid", "managernumber", "managerno", "supervisor", "reportsto", "linemanager",
        "manageremail", "上级", "直属上级", "直接上级", "主管", "主管工号", "上级工号", "直属主管", "经理",
    ),
    "valid_from": (
        "from", "fromdate", "validfrom", "startdate", "effectivedate", "effectivefrom", "hiredate", "since",
        "开始日期", "生效日期", "入职日期", "任职日期", "起始日期", "入职时间",
    ),
}  # fmt: skip

ColumnMap = Mapping[str, int]
"""Field name -> number of its column, from 0; a field that is missing is not in the file."""


def guess(headers: Sequence[str]) -> dict[str, int]:
    """Guess what the columns hold; each column serves one field, the first that fits."""
    plain = [re.sub(r"[\W_]+", "", header).casefold() for header in headers]
    found: dict[str, int] = {}
    for field, words in _WORDS.items():
        for word in words:
            if word in plain and plain.index(word) not in found.values():
                found[field] = plain.index(word)
                break
    return found


def missing(mapping: ColumnMap) -> list[str]:
    """Return the names of the fields that every file must have and this mapping lacks."""
    return [str(FIELDS[field]) for field in REQUIRED if field not in mapping]
