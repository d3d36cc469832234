"""The only writers of disaster relief."""
