"""The chain: a single appender seals entries one after the other, anybody with the key can verify them.

Each link is HMAC-SHA-256 over the link before it and the characters of one entry. Cutting off the end of the
chain can only be seen with a head noted elsewhere: export it daily (`neike audit-verify --head`).
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef

from neike.kernel.audit import values
from neike.kernel.audit.models import AuditEntry, AuditSeal, AuditValue

_BATCH = 500
# A transaction may commit an entry with a lower number later than its neighbours: look back this far.
_LOOK_BACK = 20_000
_LOCK = 0x6E65696B_61756469  # PostgreSQL advisory lock: "neik", "audi"
_START = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain; noted elsewhere, it proves that nothing before it was cut off or changed."""

    position: int
    mac: str

    def __str__(self) -> str:
        return f"{self.position}:{self.mac}"

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Read `position:mac`.

        Raises:
            ValueError: it is not that.
        """
        position, _, mac = text.strip().partition(":")
        if len(mac) != len(_START):
            raise ValueError(f"a head is written position:mac with 64 hex digits, not {text!r}")
        return cls(int(position), mac)


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying found. `entry_id` is the first bad entry, `problem` a code; both empty when all holds."""

    checked: int
    head: Head | None
    problem: str = ""
    entry_id: int | None = None
    position: int | None = None

    def __bool__(self) -> bool:
        return not self.problem


class _BadLinkError(Exception):
    """The first link that does not hold."""

    def __init__(self, problem: str, entry_id: int | None, position: int) -> None:
        super().__init__(problem)
        self.problem, self.entry_id, self.position = problem, entry_id, position


def key_id(key: str) -> str:
    """Return the short public name of a sealing key."""
    return hashlib.sha256(f"audit key {key}".encode()).hexdigest()[:16]


def _keys() -> dict[str, bytes]:
    return {key_id(key): key.encode() for key in settings.AUDIT_KEYS}


def _content(entry: AuditEntry) -> bytes:
    """Return the characters of an entry the seal covers."""
    row = [
        entry.pk,
        entry.at.isoformat(timespec="microseconds"),
        entry.action,
        entry.actor_id,
        entry.subject_type,
        entry.subject_id,
        entry.details,
    ]
    return values.canonical(row).encode()


def _mac(key: bytes, before: str, entry: AuditEntry) -> str:
    return hmac.new(key, before.encode() + b"\n" + _content(entry), hashlib.sha256).hexdigest()


def head() -> Head | None:
    """Return the end of the chain, or None before the first seal."""
    last = AuditSeal.objects.order_by("-position").first()
    return Head(last.position, last.mac) if last else None


def _become_the_only_appender() -> None:
    """Wait for the chain. On SQLite the transaction, begun IMMEDIATE, already holds the database."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _unsealed(*, whole: bool) -> Iterable[AuditEntry]:
    sealed = AuditSeal.objects.filter(entry_id=OuterRef("pk"))
    waiting = AuditEntry.objects.filter(~Exists(sealed)).order_by("pk")
    if not whole:
        highest = AuditSeal.objects.aggregate(highest=Max("entry_id"))["highest"] or 0
        waiting = waiting.filter(pk__gt=highest - _LOOK_BACK)
    return waiting


def seal_entries(
    *, now: datetime, whole: bool = False, batch: int = 2000, most: int | None = None
) -> int:
    """Append a link for each unsealed entry, `most` at the most; returns how many.

    `whole` also looks for stragglers older than the last 20,000 entries, which costs a scan.
    """
    total = 0
    while most is None or total < most:
        size = batch if most is None else min(batch, most - total)
        with transaction.atomic():
            _become_the_only_appender()
            made = _seal_batch(now=now, whole=whole, batch=size)
        total += made
        if made < size:
            break
    return total


def _seal_batch(*, now: datetime, whole: bool, batch: int) -> int:
    key = settings.AUDIT_KEYS[0]
    name, secret = key_id(key), key.encode()
    last = head() or Head(0, _START)
    position, before = last.position, last.mac
    links = []
    for entry in _unsealed(whole=whole)[:batch]:  # type: ignore[index]  # a queryset
        position += 1
        before = _mac(secret, before, entry)
        links.append(
            AuditSeal(position=position, entry_id=entry.pk, mac=before, key_id=name, sealed_at=now)
        )
    AuditSeal.objects.bulk_create(links, batch_size=_BATCH)
    return len(links)


def verify(*, noted: Head | None = None) -> Verification:
    """Walk the whole chain and the personal values it refers to; stop at the first row that does not hold.

    `noted` is a head kept elsewhere: a chain that no longer contains it was cut off or rewritten.
    """
    checked, end = 0, None
    try:
        for link in _walk():
            checked, end = checked + 1, Head(link.position, link.mac)
            _check_noted(link, noted)
    except _BadLinkError as bad:
        return Verification(checked, end, bad.problem, bad.entry_id, bad.position)
    if noted and (end is None or end.position < noted.position):
        return Verification(checked, end, "cut_off", None, checked + 1)
    return Verification(checked, end)


def _walk() -> Iterator[AuditSeal]:
    """Yield each link that holds, in order.

    Raises:
        _BadLinkError: at the first that does not.
    """
    keys, before, expected = _keys(), _START, 1
    while True:
        links = list(AuditSeal.objects.filter(position__gte=expected).order_by("position")[:_BATCH])
        entries = AuditEntry.objects.in_bulk([link.entry_id for link in links])
        kept = _kept_values(entries.values())
        for link in links:
            entry = entries.get(link.entry_id)
            _check(link, entry, expected=expected, before=before, key=keys.get(link.key_id))
            _check_values(link, entry, kept)
            before, expected = link.mac, expected + 1
            yield link
        if len(links) < _BATCH:
            return


def _check_noted(link: AuditSeal, noted: Head | None) -> None:
    if noted and link.position == noted.position and link.mac != noted.mac:
        raise _BadLinkError("noted_head_differs", link.entry_id, link.position)


def _check(
    link: AuditSeal, entry: AuditEntry | None, *, expected: int, before: str, key: bytes | None
) -> None:
    if link.position != expected:
        raise _BadLinkError("link_missing", None, expected)
    if entry is None:
        raise _BadLinkError("entry_missing", link.entry_id, link.position)
    if key is None:
        raise _BadLinkError("key_unknown", link.entry_id, link.position)
    if not hmac.compare_digest(_mac(key, before, entry), link.mac):
        raise _BadLinkError("entry_changed", link.entry_id, link.position)


def digests_in(entry: AuditEntry) -> list[str]:
    """Return the digests of the personal values an entry refers to."""
    if '{"digest":"' not in entry.details:  # most entries: spare them the parsing
        return []
    parsed = entry.parsed
    shown = [value for change in parsed.get("changes", []) for value in change[1:]]
    shown.append(parsed.get("reason"))
    return [
        value["digest"] for value in shown if isinstance(value, dict) and set(value) == {"digest"}
    ]


def _kept_values(entries: Iterable[AuditEntry]) -> dict[str, AuditValue]:
    wanted = [digest for entry in entries for digest in digests_in(entry)]
    return values_by_digest(wanted)


def values_by_digest(digests: Sequence[str]) -> dict[str, AuditValue]:
    """Return the kept values by digest, in batches small enough for every database."""
    found: dict[str, AuditValue] = {}
    for start in range(0, len(digests), _BATCH):
        found |= AuditValue.objects.in_bulk(digests[start : start + _BATCH], field_name="digest")
    return found


def _check_values(link: AuditSeal, entry: AuditEntry | None, kept: dict[str, AuditValue]) -> None:
    """Refuse a value that was swapped; an erased one is as good as a present one."""
    for digest in digests_in(entry) if entry else ():
        value = kept.get(digest)
        if value is None:
            raise _BadLinkError("value_missing", link.entry_id, link.position)
        if value.value is not None and values.digest_of(value.salt, value.value) != digest:
            raise _BadLinkError("value_changed", link.entry_id, link.position)
