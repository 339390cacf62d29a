"""Form answers that fit: every field that shows is filled as people would."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from neike.catalog import form_schema
from neike.catalog.form_schema import Field, FieldType, Schema
from neike.desk.demo.blanks import Blanks
from neike.desk.demo.slots import SLOTS
from neike.desk.demo.texts import ENGLISH, Title, Wording
from neike.org.demo.people import Member

# What stands in short text fields; a field that is not named here repeats the title.
_SHORT: Final[Mapping[str, tuple[str, str]]] = {
    "account": ("差旅费", "Travel"),
    "address": ("team-{n}@yunling.example", "team-{n}@yunling.example"),
    "asset": ("{item} ZC{n}", "{item} ZC{n}"),
    "asset_number": ("PC{n}", "PC{n}"),
    "city": ("{city}", "{city}"),
    "contact": ("王经理 138 0000 {n}", "Sales desk 0138 {n}"),
    "contract": ("{contract}", "{contract}"),
    "cost_centre": ("{project}", "{project}"),
    "customer": ("{client} {order}", "{client} {order}"),
    "flight": ("MU{n}", "MU{n}"),
    "framework": ("KJ-{n}", "KJ-{n}"),
    "from_place": ("{floor} {seat}", "{floor} {seat}"),
    "goods": ("样机两箱", "Two boxes"),
    "law": ("中国法律，仲裁", "German law, arbitration"),
    "month": ("{month}", "{month}"),
    "name": ("{newcomer}", "{newcomer}"),
    "number": ("{expense}", "{expense}"),
    "old_number": ("{n}2201", "{n}2201"),
    "order": ("{order}", "{order}"),
    "party": ("{client}", "{client}"),
    "period": ("{month}", "{month}"),
    "phone": ("138 0000 {n}", "0138 0000 {n}"),
    "place": ("{floor} {seat}", "{floor} {seat}"),
    "plate": ("沪A·D{n}", "B-YL {n}"),
    "position": ("高级工程师", "Senior Engineer"),
    "recipient": ("{client}", "{client}"),
    "replaced": ("{supplier}", "{supplier}"),
    "role": ("查询与导出", "Read and export"),
    "room": ("{room}", "{room}"),
    "route": ("总部—{city}", "Berlin – {city}"),
    "software": ("{software}", "{software}"),
    "supplier": ("{supplier}", "{supplier}"),
    "system": ("{system}", "{system}"),
    "tax_number": ("91310000MA1K{n}XQ", "DE30000{n}"),
    "time": ("14:00–16:00", "14:00–16:00"),
    "to_place": ("{floor}", "{floor}"),
    "visitor": ("{client} 三人", "{client}, three people"),
}
# What stands in long text fields; one that is not named here tells the facts.
_LONG: Final[Mapping[str, tuple[str, str]]] = {
    "address": ("{city}高新区科技路 66 号，{client} 前台收", "{client}, goods entrance, {city}"),
    "areas": ("{floor}、研发实验室", "{floor}, the laboratory"),
    "card_text": (
        "姓名、职务、手机、邮箱，正反面中英文",
        "Name, title, telephone and e-mail, both sides",
    ),
    "consequence": ("供应商可能暂停发货，影响{project}", "Deliveries for {project} may stop"),
    "equipment": ("笔记本电脑一台、显示器一台", "One laptop, one screen"),
    "guests": ("{client}一行六人，副总带队", "Six guests of {client}"),
    "handover": (
        "工作已列清单，由组内同事接手，两周内交接完",
        "Listed; the team takes over within two weeks",
    ),
    "invention": (
        "通过双轴补偿减少云台抖动，图纸见附件",
        "Two-axis compensation reduces vibration",
    ),
    "items": ("{item} 20 件\n标签纸 5 卷", "{item} 20\nLabels 5"),
    "members": ("项目组全体成员", "Everybody in the team"),
    "systems": ("{system}、部门共享目录", "{system}, shared folders"),
    "wishes": ("尽量上午出发，住得离客户近一些", "Leaving in the morning, close to the customer"),
}
# Days from the request to the dates people name; every other date lies one to two weeks ahead.
_DAYS: Final[Mapping[str, int]] = {
    "promised": -4,
    "last_day": 28,
    "settle_by": 30,
    "until": 90,
    "valid_until": 180,
    "return_on": 20,
}
_FILES: Final[Mapping[str, tuple[str, str]]] = {
    "document": ("文本.docx", "text.docx"),
    "acceptance": ("验收单.pdf", "acceptance.pdf"),
}
_OWN_WORDS: Final = frozenset(
    {"admin-mail-room", "admin-stationery", "hr-transfer", "hr-resignation"}
)
"""Services whose facts say it better than the general words."""
_BORN_PAST: Final = frozenset({"hr-leave-correction"})


def answer(
    schema: Schema,
    *,
    service: str,
    title: Title,
    written: str,
    words: Wording,
    blanks: Blanks,
    requester: Member,
    department: str,
) -> dict[str, Any]:
    """Return valid answers to a form.

    `written` is the title with its blanks filled, `department` the public id of the requester's department.

    Raises:
        ValueError: the texts do not fit the form.
    """
    filler = _Filler(service, title, written, words, blanks, requester, department)
    given: dict[str, Any] = {}
    for _round in schema.fields:
        shown = [
            each
            for each in form_schema.visible_fields(schema, given)
            if each.key not in given and each.type in form_schema.ANSWERED_TYPES
        ]
        if not shown:
            break
        given[shown[0].key] = filler.value(shown[0])
    clean, errors = form_schema.validate(schema, given)
    if errors:
        raise ValueError(f"{service}: {errors}")
    return clean


class _Filler:
    """Answers the fields of one request."""

    def __init__(
        self,
        service: str,
        title: Title,
        written: str,
        words: Wording,
        blanks: Blanks,
        requester: Member,
        department: str,
    ) -> None:
        self.service, self.title, self.written, self.words = service, title, written, words
        self.blanks, self.requester, self.department = blanks, requester, department
        self.english = blanks.language == ENGLISH

    def value(self, one: Field) -> Any:  # noqa: ANN401 - any JSON value
        """Return the raw answer to a field; None leaves it empty."""
        implied = self.title.answers.get(one.key)
        if implied is not None:
            return self._implied(one, implied)
        if not one.required and self.blanks.rng.random() < 0.35:  # noqa: PLR2004 - people skip those
            return None
        return self._drawn(one)

    def _implied(self, one: Field, implied: str) -> Any:  # noqa: ANN401
        if one.type is FieldType.CHECKBOX:
            return True
        if one.type is FieldType.MULTI_CHOICE:
            return implied.split("+")
        if one.type is FieldType.NUMBER:
            return int(implied)
        return implied

    def _drawn(self, one: Field) -> Any:  # noqa: ANN401, C901, PLR0911 - one line per type
        rng = self.blanks.rng
        match one.type:
            case FieldType.TEXT:
                return self._short(one)
            case FieldType.LONG_TEXT:
                return self._long(one)
            case FieldType.NUMBER:
                least = int(one.minimum or 1)
                return rng.randrange(least, min(int(one.maximum or 50), least + 20) + 1)
            case FieldType.MONEY:
                return self._money(one)
            case FieldType.DATE:
                return self._date(one)
            case FieldType.CHOICE:
                return rng.choice(one.choices).key
            case FieldType.MULTI_CHOICE:
                keys = [choice.key for choice in one.choices]
                return rng.sample(keys, min(2, len(keys)))
            case FieldType.PERSON:
                return str(self._person(one).person.public_id)
            case FieldType.DEPARTMENT:
                return self.department
            case FieldType.TABLE:
                return self._table(one)
            case FieldType.CHECKBOX:
                return one.required or rng.random() < 0.2  # noqa: PLR2004
            case _:
                name = _FILES.get(one.key, ("附件.pdf", "attachment.pdf"))[self.english]
                return [name] if one.required else None

    def _table(self, one: Field) -> list[dict[str, str]]:
        """Answer two rows: a system each, and the first choice of what may be chosen."""
        rng = self.blanks.rng
        systems = rng.sample([pair[self.english] for pair in SLOTS["system"]], 2)
        texts = [each.key for each in one.columns if each.type is FieldType.TEXT]
        choices = [each for each in one.columns if each.type is FieldType.CHOICE]
        return [
            dict.fromkeys(texts, system)
            | {each.key: rng.choice(each.choices).key for each in choices}
            for system in systems
        ]

    def _short(self, one: Field) -> str:
        if one.key == "number" and self.service == "finance-payment-status":
            return self.blanks.fill("{contract}")
        template = _SHORT.get(one.key)
        text = self.blanks.fill(template[self.english]) if template else self.written
        return text[: one.max_length or 500]

    def _long(self, one: Field) -> str:
        template = _LONG.get(one.key)
        own = self.service in _OWN_WORDS and one.key != "card_text"
        if template is None or own:
            return self.blanks.choose(self.words.facts)
        return self.blanks.fill(template[self.english])

    def _money(self, one: Field) -> dict[str, Any]:
        rng = self.blanks.rng
        yuan = rng.choice((300, 500, 800, 1200, 3500, 6800, 12000, 28000, 56000, 120000))
        currency = "EUR" if self.english and "EUR" in one.currencies else one.currencies[0]
        return {"amount": yuan * 100, "currency": currency}

    def _date(self, one: Field) -> str:
        days = _DAYS.get(one.key)
        if days is None:
            past = self.service in _BORN_PAST
            days = -self.blanks.rng.randrange(1, 5) if past else self.blanks.rng.randrange(4, 15)
        day: date = self.blanks.day + timedelta(days=days)
        return day.isoformat()

    def _person(self, one: Field) -> Member:
        speaks_of_another = self.blanks.colleague is not None
        if one.key in {"who", "traveller"} and not speaks_of_another:
            return self.requester
        return self.blanks.somebody()
