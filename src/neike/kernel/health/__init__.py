"""Whether the product is alive and ready, answered without login."""
