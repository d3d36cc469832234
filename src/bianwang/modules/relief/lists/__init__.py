"""Lists of disaster relief."""
