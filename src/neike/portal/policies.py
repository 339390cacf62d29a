"""Who may use the way in."""

from typing import Any

from django.conf import settings

from neike.kernel.policies import SIGNED_IN, Decision, allow, declare, deny, holds_role
from neike.org.choices import Role


def may_start_for_real(person: Any) -> Decision:  # noqa: ANN401 - a gate takes whoever comes
    """The administrator of a demo empties it; nobody else, and never outside the demo."""
    if not settings.DEMO:
        return deny("not_a_demo")
    return allow() if holds_role(person, Role.ADMINISTRATOR) else deny("no_role")


HOME = declare("portal.home", SIGNED_IN)
SEARCH = declare("portal.search", SIGNED_IN)
LOOP = declare("portal.loop", SIGNED_IN)
START = declare("portal.start", may_start_for_real)
