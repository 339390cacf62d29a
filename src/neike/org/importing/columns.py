"""Which column holds what: guessed from the header in both languages, changed by hand."""

import re
from collections.abc import Collection, Mapping, Sequence
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
    "primary": _("main post (yes or no)"),
    "reference": _("directory name (DN)"),
    "post": _("post reference"),
    "reports_to_post": _("reports to post"),
    "organisation": _("organisation"),
    "grade": _("grade"),
    "places": _("places (FTE)"),
}
REQUIRED: Final = ("employee_no", "name")
REQUIRED_OF_POSTS: Final = ("department", "title")
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "employee_no": (
        "employeenumber", "employeeno", "employeeid", "staffno", "staffid", "personnelnumber", "empno", "empid",
        "uid", "samaccountname", "工号", "员工编号", "员工号", "人员编号", "职工号", "职工编号",
    ),
    "name": ("name", "fullname", "employeename", "displayname", "cn", "姓名", "员工姓名", "名字"),
    "email": ("email", "emailaddress", "mail", "workemail", "邮箱", "电子邮箱", "电子邮件", "邮件", "公司邮箱"),
    "department_code": (
        "departmentcode", "departmentnumber", "deptcode", "departmentid", "deptid", "orgcode", "unitcode", "costcenter",
        "部门编码", "部门编号", "部门代码", "组织编码", "部门号",
    ),
    "department": (
        "department", "departmentname", "departmentpath", "dept", "deptname", "unit", "orgunit", "ou", "team",
        "部门", "部门名称", "所属部门", "所在部门", "部门路径", "组织",
    ),
    "parent": (
        "parentdepartment", "parentdept", "departmentparent", "parentdepartmentcode", "parent", "parentcode",
        "上级部门", "上级部门编码", "父部门", "上级组织", "上级部门编号",
    ),
    "title": (
        "position", "positiontitle", "title", "jobtitle", "genericjobtitle", "job", "role", "岗位", "职位", "岗位名称", "职务", "职位名称",
    ),
    "manager": (
        "manager", "managerid", "managernumber", "managerno", "supervisor", "reportsto", "linemanager",
        "manageremail", "上级", "直属上级", "直接上级", "主管", "主管工号", "上级工号", "直属主管", "经理",
    ),
    "valid_from": (
        "from", "fromdate", "validfrom", "startdate", "effectivedate", "effectivefrom", "hiredate", "since",
        "开始日期", "生效日期", "入职日期", "任职日期", "起始日期", "入职时间",
    ),
    "primary": ("primary", "isprimary", "mainpost", "mainposition", "主职", "主要岗位", "是否主职", "是否主岗"),
    "reference": ("dn", "distinguishedname"),
    "post": ("postuniquereference", "postreference", "postid", "positioncode", "岗位编码", "岗位编号", "职位编号"),
    "reports_to_post": (
        "reportstoseniorpost", "reportingseniorpost", "reportstopost", "parentpost", "上级岗位", "上级岗位编码",
    ),
    "organisation": ("organisation", "organization", "company", "公司", "单位"),
    "grade": ("gradeorequivalent", "grade", "joblevel", "职级", "级别"),
    "places": ("numberofpostsinfte", "fte", "numberofposts", "headcount", "places", "编制", "编制数", "全职当量"),
}  # fmt: skip

ColumnMap = Mapping[str, int]
"""Field name -> number of its column, from 0; a field that is missing is not in the file."""


def guess(headers: Sequence[str], gaps: Collection[str] = ()) -> dict[str, int]:
    """Guess what the columns hold; each column serves one field, the first that fits.

    A column with `gaps` is no employee number while another one fits.
    """
    plain = [re.sub(r"[\W_]+", "", header).casefold() for header in headers]
    found: dict[str, int] = {}
    for field, words in _WORDS.items():
        fits = [
            plain.index(word)
            for word in words
            if word in plain and plain.index(word) not in found.values()
        ]
        if field == "employee_no":
            fits.sort(key=lambda index: headers[index] in gaps)
        if fits:
            found[field] = fits[0]
    return found


def names_posts(mapping: ColumnMap) -> bool:
    """Whether the rows are posts, some of them without a person, and not people."""
    return "employee_no" not in mapping and bool({"post", "reports_to_post"} & set(mapping))


def missing(mapping: ColumnMap) -> list[str]:
    """Return the names of the fields that every file must have and this mapping lacks."""
    return [str(FIELDS[field]) for field in missing_fields(mapping)]


def missing_fields(mapping: ColumnMap) -> list[str]:
    """Return the fields that every file must have and this mapping lacks."""
    needed = REQUIRED_OF_POSTS if names_posts(mapping) else REQUIRED
    return [field for field in needed if field not in mapping]
