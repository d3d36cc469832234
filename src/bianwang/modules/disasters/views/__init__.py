"""Pages of the disaster statistics."""
