"""The answer of a policy function: one object, one action, one person."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an action is allowed, and the code of the reason when it is not."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


_ALLOWED = Decision(allowed=True)


def allow() -> Decision:
    """Return the decision that permits."""
    return _ALLOWED


def deny(reason: str) -> Decision:
    """Return a decision that refuses; `reason` is a code such as `not_assignee`, never a sentence."""
    return Decision(allowed=False, reason=reason)


def require(decision: Decision) -> None:
    """Go on when allowed.

    Raises:
        PermissionDenied: the decision refuses; its argument is the reason code.
    """
    if not decision.allowed:
        raise PermissionDenied(decision.reason)
