"""Password policy."""
