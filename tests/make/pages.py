"""Comparing pages as people see them."""

import re

_NEW_EACH_TIME = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|"X-CSRFToken": ?"\w+"'
    r"|X-CSRFToken&quot;: ?&quot;\w+"
    r'|data-live-since="\d+"'
)


def without_what_is_new(page: str) -> str:
    """Return a page without the tokens, nonces and moments that every answer carries anew."""
    return _NEW_EACH_TIME.sub("", page)
