"""How the sign-in library is bent to our rules: nobody registers themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library is untyped
    """Accounts come from the directory, never from public registration."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Refuse registration."""
        return False
