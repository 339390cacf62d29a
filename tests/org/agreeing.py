"""Saves what a page shows first."""

import re
from typing import Any

from django.test import Client

_HIDDEN = re.compile(r'name="(agreed|shown|seen)" value="([^"]*)"')


def hidden(response: Any) -> dict[str, str]:
    """Return what a page would post beside its form."""
    return dict(_HIDDEN.findall(response.content.decode()))


def agree(client: Client, address: str, data: dict[str, Any]) -> Any:
    """Post a form, then once more with what the preview asks to agree to; return the second answer."""
    preview = client.post(address, data)
    assert preview.status_code == 200, preview.content.decode()
    return client.post(address, {**data, **hidden(preview)})
