"""Agreements as pages show them: the state in a colour, the two signatures."""

from typing import Any, Final

from neike.relations.choices import AgreementState, Side
from neike.relations.display.sides import Names
from neike.relations.models import Agreement

TONES: Final[dict[str, str]] = {
    AgreementState.PROPOSED: "warning",
    AgreementState.IN_FORCE: "success",
    AgreementState.SUPERSEDED: "neutral",
    AgreementState.DECLINED: "error",
    AgreementState.ENDED: "neutral",
}


def signatures(agreement: Agreement, names: Names, sides: tuple[Side, ...]) -> list[dict[str, Any]]:
    """Return both signatures; `may_sign` where the reader speaks for that side and it still waits."""
    waits = agreement.state == AgreementState.PROPOSED and agreement.relation.is_open
    return [
        {
            "side": side.value,
            "label": side.label,
            "name": names.of(side),
            "by": getattr(agreement, f"{side}_signed_by"),
            "at": getattr(agreement, f"{side}_signed_at"),
            "may_sign": waits and side in sides and not agreement.signed_by_side(side),
        }
        for side in (Side.PROVIDER, Side.CUSTOMER)
    ]


def line(agreement: Agreement) -> dict[str, Any]:
    """Return an agreement as a row or card shows it."""
    signed = sum(agreement.signed_by_side(side) for side in (Side.PROVIDER, Side.CUSTOMER))
    return {"agreement": agreement, "tone": TONES[agreement.state], "signed": signed}
