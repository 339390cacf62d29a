"""Reading people out of an LDIF file (RFC 2849): content records only, and only the attributes named here.

Whatever is not in `WANTED` (passwords, access rules, photographs and all else) is dropped before it is decoded, so that
it can stand in no preview, no message and no log. Values given by an address (`:<`) are never fetched.
"""

import base64
import binascii
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from neike.org.importing.errors import BadFileError, NoPeopleError
from neike.org.importing.layouts import Layout, Record
from neike.org.importing.matching import plain, rdn_values
from neike.org.importing.wording import _

WANTED: Final = {
    "uid": "uid",
    "employeenumber": "employeeNumber",
    "samaccountname": "sAMAccountName",
    "cn": "cn",
    "displayname": "displayName",
    "mail": "mail",
    "ou": "ou",
    "department": "department",
    "departmentnumber": "departmentNumber",
    "title": "title",
    "manager": "manager",
}
"""Attribute in lower case -> as it is written; the order is that of the columns."""
DN: Final = "dn"
_PEOPLE: Final = {"person", "inetorgperson", "organizationalperson", "user", "account", "posixaccount"}  # fmt: skip
_NO_PEOPLE: Final = {"computer"}
_GROUPS: Final = {"group", "groupofnames", "groupofuniquenames", "posixgroup", "groupofmembers"}
_MAX_LINE: Final = 1 << 20
_MAX_VALUE: Final = 20_000
_MAX_VALUES: Final = 50
_BOM: Final = b"\xef\xbb\xbf"
_HEAD: Final = 64 * 1024


@dataclass(slots=True)
class Entry:
    """One content record: the line it begins on, its DN, and the wanted attributes."""

    line: int
    dn: str
    classes: set[str] = field(default_factory=set)
    values: dict[str, list[str]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What the entry is: person, group or other."""
        if self.classes & _GROUPS:
            return "group"
        return "person" if self.classes & _PEOPLE and not self.classes & _NO_PEOPLE else "other"


def is_ldif(file: BinaryIO) -> bool:
    """Whether a file begins like an LDIF file: its first line that is no comment names a DN or the version."""
    file.seek(0)
    for line in file.read(_HEAD).removeprefix(_BOM).splitlines():
        if line.strip() and not line.startswith((b"#", b" ")):
            return line.lower().startswith((b"dn:", b"version:"))
    return False


def sniff(file: BinaryIO) -> Layout:
    """Read a whole file once and say which attributes its people have.

    Raises:
        BadFileError: it holds change records, or a line that cannot be read.
        NoPeopleError: it holds no people.
    """
    held: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for entry in entries(file):
        kinds[entry.kind] += 1
        if entry.kind == "person":
            held.update(entry.values.keys())
    people = kinds.pop("person", 0)
    if not people:
        raise NoPeopleError(_("This directory file holds no people."))
    names = [name for key, name in WANTED.items() if held[key]]
    gaps = frozenset(WANTED[key] for key, count in held.items() if count < people)
    return Layout("utf-8", "", (DN, *names), kind="ldif", gaps=gaps, left_out=kinds)


def records(file: BinaryIO, layout: Layout) -> Iterator[Record]:
    """Yield the people, one row each; of several values the first is taken, of `ou` the first that is no folder.

    Raises:
        BadFileError: a line cannot be read.
    """
    keys = [name.lower() for name in layout.headers]
    for entry in entries(file):
        if entry.kind == "person":
            yield Record(entry.line, tuple(_cell(entry, key) for key in keys))


def _cell(entry: Entry, key: str) -> str:
    if key == DN:
        return entry.dn
    values = entry.values.get(key, [])
    if key == "ou" and len(values) > 1:
        # The entry also repeats the folder it lies in, such as "People": that is no department.
        folders = rdn_values(entry.dn, "ou")
        values = [each for each in values if plain(each) not in folders] or values
    return values[0] if values else ""


def entries(file: BinaryIO) -> Iterator[Entry]:
    """Yield the records of a file.

    Raises:
        BadFileError: a change record, a line without colon, a value that is no base64 or no UTF-8; names the line.
    """
    entry: Entry | None = None
    for number, line in _lines(file):
        if not line:
            if entry:
                yield entry
            entry = None
            continue
        name, sign, rest = line.partition(b":")
        key = name.decode("ascii", "replace").strip().lower()
        if not sign:
            raise _unreadable(number)
        if key == DN:
            if entry:
                yield entry
            entry = Entry(number, _value(rest, number))
        elif entry is not None:
            _keep(entry, key, rest, number)
        elif key != "version":
            raise BadFileError(
                _("Line %(line)s: an entry of a directory must begin with its “dn”.")
                % {"line": number}
            )
    if entry:
        yield entry


def _keep(entry: Entry, key: str, rest: bytes, number: int) -> None:
    """Keep a wanted attribute; every other value is left unread. Options such as `;lang-en` are other attributes."""
    if key == "changetype":
        raise BadFileError(
            _(
                "Line %(line)s: this file lists changes to a directory (changetype). "
                "Export the entries themselves and send that."
            )
            % {"line": number}
        )
    if key == "objectclass":
        entry.classes.add(_value(rest, number).lower())
    elif key in WANTED and not rest.startswith(b"<"):
        values = entry.values.setdefault(key, [])
        value = _value(rest, number)
        if value and len(values) < _MAX_VALUES:
            values.append(value)


def _value(rest: bytes, number: int) -> str:
    """Decode one value; what is wrong with it is told by its line alone."""
    raw = rest.strip()
    try:
        if rest.startswith(b":"):
            raw = base64.b64decode(b"".join(rest[1:].split()), validate=True)
        return raw[:_MAX_VALUE].decode("utf-8").strip()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise _unreadable(number) from error


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield (number of the first line, whole line) with folded lines joined and comments left out; b"" parts records."""
    file.seek(0)
    begun, parts = 0, list[bytes]()
    length = 0
    for number, raw in enumerate(file, start=1):
        line = raw.rstrip(b"\r\n")
        if number == 1:
            line = line.removeprefix(_BOM)
        if line.startswith(b" ") and parts:
            length += len(line)
            if length > _MAX_LINE * 16:
                raise _unreadable(begun)
            parts.append(line[1:])
            continue
        if parts:
            yield from _whole(begun, parts)
        begun, parts, length = number, [line], len(line)
    if parts:
        yield from _whole(begun, parts)
    yield begun, b""


def _whole(begun: int, parts: list[bytes]) -> Iterator[tuple[int, bytes]]:
    line = b"".join(parts)
    if not line.startswith(b"#"):
        yield begun, line.strip() and line


def _unreadable(number: int) -> BadFileError:
    return BadFileError(_("Line %(line)s cannot be read as LDIF.") % {"line": number})


def left_out_words(left_out: Mapping[str, int]) -> str:
    """Say how many entries of a directory are no people; "" when there are none."""
    if not any(left_out.values()):
        return ""
    return _("Left out of the directory: groups: %(groups)s, other entries: %(others)s.") % {
        "groups": left_out.get("group", 0),
        "others": left_out.get("other", 0),
    }
