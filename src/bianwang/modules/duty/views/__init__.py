"""Pages of the duty."""
