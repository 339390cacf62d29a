"""Who may look into the demo's mailbox."""

from typing import Any

from django.conf import settings

from neike.kernel.policies import Decision, allow, declare, deny


def in_demo(person: Any) -> Decision:  # noqa: ANN401 - the kernel knows no person class
    """Everybody signed in, in the demo only; outside it nobody, whatever their role."""
    if not settings.DEMO:
        return deny("not_demo")
    return allow() if person.is_authenticated else deny("anonymous")


CATCHER = declare("mail.catcher", in_demo)
