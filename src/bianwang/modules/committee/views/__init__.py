"""Pages of the committee's work."""
