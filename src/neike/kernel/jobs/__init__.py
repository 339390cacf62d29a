"""Background jobs: leases, fencing, retries and a cron that ticks once across all workers."""

from typing import TYPE_CHECKING

from neike.kernel.jobs.declaring import Job, every, job
from neike.kernel.modules import late

if TYPE_CHECKING:
    from neike.kernel.jobs.actions import enqueue, resend
    from neike.kernel.jobs.claims import LeaseLostError
    from neike.kernel.jobs.running import Run

__all__ = ["Job", "LeaseLostError", "Run", "enqueue", "every", "job", "resend"]

__getattr__ = late(
    __name__, enqueue="actions", resend="actions", LeaseLostError="claims", Run="running"
)
