"""Events reach each receiver once, in order, whatever the others do."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import pytest

from neike.kernel.outbox import announce, codec, delivering, queries, receiving, resend
from neike.kernel.outbox.actions import NotInTransactionError
from neike.kernel.outbox.choices import DeliveryState
from neike.kernel.outbox.models import Delivery, OutboxEvent
from tests.make.background import run_outbox
from tests.make.org import NOW

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class KettleBoiled:
    """Somebody made tea."""

    name: ClassVar[str] = "test.kettle_boiled.v1"
    kettle_id: int


@pytest.fixture
def heard(db, monkeypatch):
    """Two receivers, `first` and `second`, and the list of what they heard; `heard.broken` fail."""
    monkeypatch.setattr(receiving, "_receivers", {})

    class Heard(list[tuple[str, int]]):
        broken: set[str] = set()

    log = Heard()

    def listen(name: str) -> None:
        @receiving.receives(KettleBoiled, name=name)
        def receiver(event: KettleBoiled, *, now: datetime) -> None:
            log.append((name, event.kettle_id))
            if name in log.broken:
                raise RuntimeError(f"{name} is broken")

    listen("first")
    listen("second")
    return log


def _boil(kettle: int, aggregate: str = "kettle:1") -> None:
    announce(KettleBoiled(kettle_id=kettle), aggregate=aggregate, now=NOW)


def _claimed(now: datetime) -> Delivery:
    delivery = delivering.claim(now)
    assert delivery is not None
    return delivery


def _states() -> dict[str, str]:
    return dict(Delivery.objects.values_list("receiver", "state"))


def test_each_receiver_hears_an_event_once(heard):
    _boil(7)

    assert run_outbox() == 2
    assert run_outbox(NOW + HOUR) == 0
    assert sorted(heard) == [("first", 7), ("second", 7)]
    assert OutboxEvent.objects.get().payload == {"kettle_id": 7}


def test_announcing_outside_a_transaction_is_refused(transactional_db):
    with pytest.raises(NotInTransactionError, match="kettle_boiled"):
        _boil(1)


def test_a_failing_receiver_neither_blocks_nor_reruns_the_other(heard):
    heard.broken = {"first"}
    _boil(1)
    _boil(2)

    for minutes in range(3):
        delivering.deliver_pending(NOW + timedelta(minutes=minutes))

    assert [entry for entry in heard if entry[0] == "second"] == [("second", 1), ("second", 2)]
    assert ("first", 2) not in heard
    assert heard.count(("first", 1)) == 3


def test_a_repaired_receiver_catches_up_in_order(heard):
    heard.broken = {"first"}
    for kettle in (1, 2, 3):
        _boil(kettle)
    delivering.deliver_pending(NOW)
    heard.broken = set()
    heard.clear()

    delivering.deliver_pending(NOW + HOUR)

    assert heard == [("first", 1), ("first", 2), ("first", 3)]


def test_another_aggregate_does_not_wait_for_the_failing_one(heard):
    heard.broken = {"first"}
    _boil(1)
    _boil(2, aggregate="kettle:2")

    delivering.deliver_pending(NOW)

    assert ("first", 2) in heard


def test_a_delivery_is_given_up_after_its_attempts_shown_and_can_be_sent_again(heard):
    heard.broken = {"first"}
    _boil(1)
    for day in range(8):
        delivering.deliver_pending(NOW + timedelta(days=day))
    dead = queries.dead_deliveries().get()

    assert (dead.receiver, dead.attempts, dead.state) == ("first", 8, DeliveryState.DEAD)
    assert "first is broken" in dead.last_error

    heard.broken = set()
    assert resend(delivery_id=dead.pk, now=NOW)
    assert not resend(delivery_id=dead.pk, now=NOW)
    assert run_outbox() == 1
    assert _states() == {"first": DeliveryState.DONE, "second": DeliveryState.DONE}


def test_a_dead_delivery_lets_the_next_of_its_aggregate_pass(heard):
    heard.broken = {"first"}
    _boil(1)
    for day in range(8):
        delivering.deliver_pending(NOW + timedelta(days=day))
    heard.broken = set()
    _boil(2)

    delivering.deliver_pending(NOW + timedelta(days=9))

    assert heard[-1] == ("first", 2) or heard[-2] == ("first", 2)


def test_what_a_failing_receiver_wrote_is_not_stored(db, monkeypatch):
    monkeypatch.setattr(receiving, "_receivers", {})

    @receiving.receives(KettleBoiled, name="half")
    def half(event: KettleBoiled, *, now: datetime) -> None:
        OutboxEvent.objects.create(name="written.half.v1", at=now)
        raise RuntimeError

    _boil(1)
    delivering.deliver_pending(NOW)

    assert not OutboxEvent.objects.filter(name="written.half.v1").exists()


def test_a_stale_claim_completes_nothing(heard):
    _boil(1)
    stale = _claimed(NOW)
    after_lease = NOW + delivering.LEASE
    fresh = _claimed(after_lease)
    while fresh.receiver != stale.receiver:
        fresh = _claimed(after_lease)

    assert not delivering.complete(stale, now=after_lease)
    assert heard == []
    assert delivering.complete(fresh, now=after_lease)
    assert not delivering.complete(fresh, now=after_lease)
    assert heard == [(fresh.receiver, 1)]


def test_a_delivery_that_kills_its_worker_every_time_is_given_up(heard):
    _boil(1)
    for day in range(20):
        while delivering.claim(NOW + timedelta(days=day)):
            pass

    assert set(_states().values()) == {DeliveryState.DEAD}
    assert heard == []


def test_a_receiver_the_code_no_longer_has_is_given_up_at_once(heard):
    _boil(1)
    del receiving._receivers["first"]

    delivering.deliver_pending(NOW)

    assert _states() == {"first": DeliveryState.DEAD, "second": DeliveryState.DONE}


def test_two_receivers_of_one_name_are_refused(heard):
    with pytest.raises(ValueError, match="first"):
        receiving.receives(KettleBoiled, name="first")(lambda event, *, now: None)


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Everything:
    name: ClassVar[str] = "test.everything.v1"
    number: int
    word: str
    yes: bool
    nothing: int | None
    at: datetime
    on: date
    public_id: UUID
    colour: Colour
    ids: tuple[int, ...]


def test_every_permitted_type_survives_the_journey():
    event = Everything(
        number=1,
        word="字",
        yes=True,
        nothing=None,
        at=datetime(2026, 3, 2, 1, 2, 3, 4, tzinfo=UTC),
        on=date(2026, 3, 2),
        public_id=UUID(int=5),
        colour=Colour.RED,
        ids=(1, 2),
    )

    assert codec.decode(Everything, codec.encode(event)) == event


@dataclass(frozen=True)
class Careless:
    name: ClassVar[str] = "test.careless.v1"
    content: object


def test_content_that_is_not_a_plain_value_is_refused():
    with pytest.raises(TypeError, match=r"test\.careless\.v1\.content"):
        codec.encode(Careless(content=object()))
