"""Pages of the catalogue: what everybody reads, and what owners write."""
