"""What somebody filled in about a rule, and back."""

from collections.abc import Mapping
from typing import Any

from neike.catalog.forms.localized import initial_of, text_of
from neike.desk.actions.rules import RuleContent
from neike.desk.models import Rule, RuleVersion
from neike.engines.rules import Condition, Join, Op

_LISTS = {
    "services": "service",
    "priorities": "priority",
    "customers": "customer",
    "channels": "channel",
    "states": "state",
    "waiting": "waiting_on",
}


def content_of(data: Mapping[str, Any]) -> RuleContent:
    """Return what a valid form says."""
    return RuleContent(
        name=text_of("name", data),
        trigger=data["trigger"],
        amount=data.get("amount"),
        join=Join(data["join"]),
        conditions=tuple(_conditions(data)),
        actions=tuple(_actions(data)),
        order=data["order"],
    )


def version_of(content: RuleContent) -> RuleVersion:
    """Return what would be stored, for a look at it."""
    return RuleVersion(number=0, **content.says())


def _conditions(data: Mapping[str, Any]) -> list[Condition]:
    found = [
        Condition(field, Op.IN, list(data[name])) for name, field in _LISTS.items() if data[name]
    ]
    words = [word.strip() for word in data["contains"].replace("，", ",").split(",")]
    if any(words):
        found.append(Condition("text", Op.CONTAINS, [word for word in words if word]))
    if data["answer_key"]:
        operation = Op(data["answer_op"] or "is")
        found.append(Condition(f"answer:{data['answer_key']}", operation, data["answer_value"]))
    return found


def _actions(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if data["assign"]:
        found.append({"do": "assign", **_person(data, "assign")})
    if data["priority"]:
        found.append({"do": "set_priority", "priority": data["priority"]})
    if data["watch_person"]:
        found.append({"do": "watch", "person": data["watch_person"]})
    found += [{"do": do, "text": data[do]} for do in ("note", "message") if data[do]]
    if data["task"]:
        points = [line.strip() for line in data["checklist"].splitlines() if line.strip()]
        found.append({"do": "task", "title": data["task"], "checklist": points})
    if data["hand_over"]:
        to, text = data["hand_over"], data["hand_over_text"]
        found.append({"do": "hand_over", "department": to, "text": text})
    if data["approval"]:
        asked = {"by": data["approval"], "text": data["approval_text"]}
        found.append({"do": "ask_approval", **asked, **_person(data, "approval")})
    if data["notify"]:
        whom = {} if data["notify"] == "person" else {"whom": data["notify"]}
        found.append({"do": "notify", **whom, **_person(data, "notify")})
    return found


def _person(data: Mapping[str, Any], what: str) -> dict[str, str]:
    return {"person": data[f"{what}_person"]} if data[what] == "person" else {}


def initial(rule: Rule, version: RuleVersion, people: Mapping[str, str]) -> dict[str, Any]:
    """Return what the form shows of a rule; `people` are their inputs by public id."""
    found: dict[str, Any] = {
        **initial_of("name", rule.name),
        "trigger": version.trigger,
        "amount": version.amount,
        "join": version.join,
        "order": rule.order,
        "number": version.number,
    }
    by_field = {field: name for name, field in _LISTS.items()}
    for row in version.conditions:
        if row["field"] in by_field:
            found[by_field[row["field"]]] = row["value"]
        elif row["field"] == "text":
            found["contains"] = ", ".join(row["value"])
        else:
            found["answer_key"] = row["field"].removeprefix("answer:")
            found |= {"answer_op": row["op"], "answer_value": row["value"]}
    for said in version.actions:
        found |= _shown(said, people.get(said.get("person", ""), ""))
    return found


def _shown(said: Mapping[str, Any], person: str) -> dict[str, Any]:
    match said["do"]:
        case "assign":
            return {"assign": "person" if person else "policy", "assign_person": person}
        case "set_priority":
            return {"priority": said["priority"]}
        case "watch":
            return {"watch_person": person}
        case "task":
            return {"task": said["title"], "checklist": "\n".join(said.get("checklist", ()))}
        case "hand_over":
            return {"hand_over": said["department"], "hand_over_text": said["text"]}
        case "ask_approval":
            shown = {"approval": said["by"], "approval_text": said["text"]}
            return shown | {"approval_person": person}
        case "notify":
            return {"notify": "person" if person else said["whom"], "notify_person": person}
    return {said["do"]: said["text"]}
