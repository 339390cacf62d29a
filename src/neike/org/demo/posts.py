"""The posts of each department: who leads it, who deputises, and what the others do."""

from collections.abc import Mapping
from typing import Final

Post = tuple[str, str]

_SALES: Final[tuple[Post, ...]] = (
    ("销售总监", "Sales Director"),
    ("销售副总监", "Deputy Sales Director"),
    ("大客户经理", "Key Account Manager"),
    ("销售经理", "Sales Manager"),
    ("售前工程师", "Presales Engineer"),
    ("销售助理", "Sales Assistant"),
)

POSTS: Final[Mapping[str, tuple[Post, ...]]] = {
    "office": (
        ("总经理", "Chief Executive"),
        ("总经理助理", "Assistant to the Chief Executive"),
        ("审计专员", "Auditor"),
        ("战略经理", "Strategy Manager"),
    ),
    "rd": (
        ("研发中心总经理", "Head of Research and Development"),
        ("研发副总监", "Deputy Director of Development"),
        ("软件工程师", "Software Engineer"),
        ("嵌入式工程师", "Embedded Engineer"),
        ("算法工程师", "Algorithm Engineer"),
        ("结构工程师", "Mechanical Engineer"),
        ("测试工程师", "Test Engineer"),
        ("产品经理", "Product Manager"),
    ),
    "quality": (
        ("质量部经理", "Head of Quality"),
        ("质量副经理", "Deputy Head of Quality"),
        ("质量工程师", "Quality Engineer"),
        ("检验员", "Inspector"),
    ),
    "east": _SALES,
    "south": _SALES,
    "intl": (
        ("国际业务总监", "Head of International Business"),
        ("国际业务副总监", "Deputy Head of International Business"),
        ("区域销售经理", "Regional Sales Manager"),
        ("现场工程师", "Field Engineer"),
        ("商务专员", "Commercial Officer"),
    ),
    "marketing": (
        ("市场总监", "Marketing Director"),
        ("市场副总监", "Deputy Marketing Director"),
        ("品牌经理", "Brand Manager"),
        ("活动策划", "Event Planner"),
        ("内容编辑", "Content Editor"),
    ),
    "care": (
        ("客服中心经理", "Head of Customer Care"),
        ("客服副经理", "Deputy Head of Customer Care"),
        ("客服专员", "Customer Care Officer"),
        ("售后工程师", "After-sales Engineer"),
        ("客服班长", "Shift Leader"),
    ),
    "it": (
        ("信息技术部经理", "Head of Information Technology"),
        ("信息技术部副经理", "Deputy Head of Information Technology"),
        ("服务台工程师", "Service Desk Engineer"),
        ("系统工程师", "Systems Engineer"),
        ("网络工程师", "Network Engineer"),
        ("数据工程师", "Data Engineer"),
    ),
    "hr": (
        ("人力资源部经理", "Head of Human Resources"),
        ("人力资源部副经理", "Deputy Head of Human Resources"),
        ("员工关系专员", "Employee Relations Officer"),
        ("招聘专员", "Recruiter"),
        ("薪酬专员", "Payroll Officer"),
        ("培训专员", "Training Officer"),
    ),
    "finance": (
        ("财务总监", "Finance Director"),
        ("财务副总监", "Deputy Finance Director"),
        ("应付会计", "Payables Accountant"),
        ("费用会计", "Expense Accountant"),
        ("税务会计", "Tax Accountant"),
        ("预算专员", "Budget Officer"),
        ("出纳", "Cashier"),
    ),
    "admin": (
        ("行政部经理", "Head of Administration"),
        ("行政部副经理", "Deputy Head of Administration"),
        ("行政专员", "Administrative Officer"),
        ("差旅专员", "Travel Officer"),
        ("设施工程师", "Facilities Engineer"),
        ("司机", "Driver"),
    ),
    "legal": (
        ("法务总监", "General Counsel"),
        ("法务副总监", "Deputy General Counsel"),
        ("法务经理", "Legal Counsel"),
        ("合同专员", "Contract Officer"),
    ),
    "procurement": (
        ("采购部经理", "Head of Procurement"),
        ("采购部副经理", "Deputy Head of Procurement"),
        ("采购员", "Buyer"),
        ("供应商管理专员", "Supplier Manager"),
        ("跟单员", "Order Follow-up Officer"),
    ),
}
