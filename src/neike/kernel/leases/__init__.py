"""What jobs and deliveries share: the database's clock, waits between attempts, bounded transactions."""

from neike.kernel.leases.backoff import delay_after
from neike.kernel.leases.database import bound_transaction, database_now

__all__ = ["bound_transaction", "database_now", "delay_after"]
