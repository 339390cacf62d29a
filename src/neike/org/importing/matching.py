"""When two written forms mean the same: blanks, case and full-width letters make no difference."""

import re
import unicodedata
from typing import Final

_RDN: Final = re.compile(r"(?<!\\)[,;]")
_PART: Final = re.compile(r"(?<!\\)\+")
_HEX: Final = re.compile(r"\\([0-9a-fA-F]{2})")
_ATTRIBUTE: Final = re.compile(r"^\s*[A-Za-z][\w.-]*\s*=")


def plain(text: str) -> str:
    """Return the form in which names, numbers and codes are compared."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def is_dn(text: str) -> bool:
    """Whether a text is written like a distinguished name of a directory."""
    return bool(_ATTRIBUTE.match(text))


def plain_dn(text: str) -> str:
    """Return the form in which distinguished names are compared: RFC 4514 escapes read, parts of an RDN sorted."""
    return ",".join("+".join(sorted(_parts(rdn))) for rdn in _RDN.split(text))


def reference_key(text: str) -> str:
    """Return the form in which a reference to a person is compared: a DN, else a number, an address or a post."""
    return plain_dn(text) if is_dn(text) else plain(text)


def rdn_values(text: str, attribute: str) -> frozenset[str]:
    """Return the values (compared form) that the DN's components give an attribute."""
    found = (part.partition("=") for part in plain_dn(text).replace("+", ",").split(","))
    return frozenset(value for name, _sign, value in found if name == attribute)


def _parts(rdn: str) -> list[str]:
    pairs = (part.partition("=") for part in _PART.split(rdn))
    return [f"{plain(name)}={plain(_unescaped(value))}" for name, _sign, value in pairs]


def _unescaped(value: str) -> str:
    """Read the escapes; a comma or plus inside a value stays marked, so that it parts nothing later."""
    raw = _HEX.sub(lambda match: f"\\x{match[1].lower()}", value.strip())
    return raw.replace("\\,", "\\x2c").replace("\\+", "\\x2b").replace("\\;", "\\x3b")
