"""Background jobs: leases, fencing, retries and a cron that ticks once across all workers."""
