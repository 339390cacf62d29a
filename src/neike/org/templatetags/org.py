"""What the sign-in page asks."""

from django import template

from neike.org.queries.demo_accounts import OfferedAccount, offered_accounts

register = template.Library()


@register.simple_tag
def demo_accounts() -> list[OfferedAccount]:
    """Return the accounts of the demo; none outside it."""
    return offered_accounts()
