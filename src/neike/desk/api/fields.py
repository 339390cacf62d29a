"""What programs may send: every schema refuses fields it does not know, every text what a database cannot keep."""

from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema

from neike.catalog.choices import HandOverMode, Priority
from neike.desk.choices import ReturnReason, Visibility

_DEPTH = 6


def is_keepable(value: Any) -> bool:  # noqa: ANN401 - any JSON
    """Tell whether a database keeps this JSON: not too deep, no text with a NUL or half a character."""
    try:
        _check(value, _DEPTH)
    except ValueError:
        return False
    return True


def _check(value: Any, depth: int) -> None:  # noqa: ANN401 - any JSON
    if depth == 0:
        raise ValueError("too deep")
    if isinstance(value, str) and (
        "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value)
    ):
        raise ValueError("a text holds a NUL or half a character")
    if isinstance(value, dict):
        for key, each in value.items():
            _check(key, depth)
            _check(each, depth - 1)
    if isinstance(value, list):
        for each in value:
            _check(each, depth - 1)


_NO_NUL = r"^[^\x00]*$"
Text = Annotated[str, Field(max_length=20_000, pattern=_NO_NUL)]
Said = Annotated[str, Field(min_length=1, max_length=20_000, pattern=_NO_NUL)]
Reason = Annotated[str, Field(max_length=300, pattern=_NO_NUL)]
Title = Annotated[str, Field(max_length=200, pattern=_NO_NUL)]
ServiceKey = Annotated[
    str, Field(pattern=r"^[-a-zA-Z0-9_]{1,64}$", description="The service's key.")
]
Version = Annotated[
    int,
    Field(ge=0, le=2**31 - 1, description="The version you read; a stale one is refused with 409."),
]


class Sent(Schema):
    """A body; fields that are not listed are refused."""

    model_config = {"extra": "forbid"}


class NewRequest(Sent):
    """A request to make."""

    service: ServiceKey
    title: Title = ""
    answers: dict[str, Any] = Field(default_factory=dict, description="Answers by field key.")
    requester: UUID | None = Field(None, description="Who needs it; by default you.")
    priority: Literal["", *Priority.values] = ""  # type: ignore[valid-type]  # unpacked codes


class Seen(Sent):
    """What every change of a request or leg carries."""

    version: Version


class WithNote(Seen):
    """A change with a word that goes with it."""

    note: Text = ""


class WithReason(Seen):
    """A change that owes a reason."""

    reason: Reason


class Cancel(Seen):
    """A withdrawal; the service's owner owes a reason."""

    reason: Reason = ""


class Accept(Seen):
    """An acceptance; with `take` the work becomes yours."""

    take: bool = True


class Return(Seen):
    """A leg given back to its sender."""

    reason: ReturnReason
    note: Text = ""


class HandOver(Seen):
    """A question to another department; without `service` its general promise holds."""

    department: UUID
    service: ServiceKey | None = None
    mode: HandOverMode = HandOverMode.RELAY
    ask: Said


class NewMessage(Sent):
    """A message, public or for the serving departments."""

    body: Said
    visibility: Visibility = Visibility.PUBLIC


class Approve(Sent):
    """An approval; `note` is posted to requester and departments."""

    note: Text = ""


class Refuse(Sent):
    """A refusal owes a reason, which is posted to requester and departments."""

    reason: Reason


class Question(Sent):
    """A question before deciding."""

    question: Said


class AskApproval(Seen):
    """People asked by hand to approve something of a leg: all, any, or that many of them must agree."""

    approvers: Annotated[list[UUID], Field(min_length=1, max_length=20)]
    question: Reason
    quorum: Annotated[str, Field(pattern=r"^(all|any|[1-9][0-9]?)$")] = "all"


class NewTask(Sent):
    """A task to add to a leg, with the points of its checklist."""

    title: Reason
    checklist: Annotated[list[Reason], Field(max_length=50)] = []


class Tick(Sent):
    """A point of a checklist, counted from 0, ticked or not."""

    item: Annotated[int, Field(ge=0, le=999)]
    done: bool = True


class GiveTask(Sent):
    """Who gets a task; null gives it back to the department."""

    assignee: UUID | None = None


class Drop(Sent):
    """A task that need not be done owes a reason."""

    reason: Reason
