"""Pages of emergency command."""
