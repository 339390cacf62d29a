"""The worker: one process that delivers events, runs jobs and lets the clock tick, until it is told to stop."""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from neike.kernel.jobs import claims, cron, declaring, running
from neike.kernel.jobs.models import WorkerBeat
from neike.kernel.leases import database_now
from neike.kernel.outbox.delivering import deliver_next

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
CRON_SECONDS = 5.0
DATABASE_GONE_SECONDS = 2.0
DELIVERIES_A_ROUND = 20
GRACE_SECONDS = 10.0


class Worker:
    """One worker of any number; `stop` ends it after the job in hand."""

    def __init__(self, *, zone: Callable[[], ZoneInfo], lease: timedelta = claims.LEASE) -> None:
        self.name = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"
        self.zone = zone
        self.lease = lease
        self.stop = threading.Event()
        self.done = 0
        self._deadline = float("inf")
        self._next_tick = 0.0

    def run(self) -> None:
        """Work until `stop` is set; survives a database that goes away and comes back."""
        beat = threading.Thread(target=self._beat_until_stopped, name="beat", daemon=True)
        self._beat()
        beat.start()
        while not self.stop.is_set():
            try:
                busy = self.work_once()
            except (DatabaseError, InterfaceError):
                logger.exception("the database does not answer; trying again")
                connection.close()
                self.stop.wait(DATABASE_GONE_SECONDS)
                continue
            if not busy:
                self.stop.wait(IDLE_SECONDS)
        beat.join(timeout=GRACE_SECONDS)
        WorkerBeat.objects.filter(worker=self.name).delete()

    def work_once(self) -> bool:
        """Do one round: the clock, some deliveries, one job. False when there was nothing to do."""
        self._tick()
        delivered = 0
        while delivered < DELIVERIES_A_ROUND and deliver_next(database_now(), lease=self.lease):
            delivered += 1
        return self._run_one() or bool(delivered)

    def _tick(self) -> None:
        if time.monotonic() >= self._next_tick:
            self._next_tick = time.monotonic() + CRON_SECONDS
            cron.tick(database_now(), self.zone())

    def _run_one(self) -> bool:
        claim = claims.claim_next(self.name, database_now(), lease=self.lease)
        if claim is None:
            return False
        entry = declaring.find(claim.name)
        limit = entry.time_limit.total_seconds() if entry else 0.0
        self._deadline = time.monotonic() + limit + GRACE_SECONDS
        try:
            self.done += running.run(claim, clock=database_now)
        finally:
            self._deadline = float("inf")
        return True

    def _beat(self) -> None:
        now = database_now()
        WorkerBeat.objects.update_or_create(
            worker=self.name,
            defaults={"beat_at": now},
            create_defaults={"beat_at": now, "started_at": now},
        )

    def _beat_until_stopped(self) -> None:
        """Renew the lease; a job that overran its limit and cannot be interrupted loses it."""
        while not self.stop.wait(self.lease.total_seconds() / 4):
            if time.monotonic() > self._deadline:
                logger.error(
                    "a job overran its time limit and cannot be interrupted; giving up its lease"
                )
                continue
            try:
                self._beat()
            except (DatabaseError, InterfaceError) as error:
                logger.warning("the sign of life could not be written: %s", error)
                close_old_connections()
        connection.close()
