"""Forms of disaster relief."""
