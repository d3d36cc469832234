"""Pages of disaster relief."""
