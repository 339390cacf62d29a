"""Pages of knowledge: what everybody reads, what its writers do, what stands beside requests."""
