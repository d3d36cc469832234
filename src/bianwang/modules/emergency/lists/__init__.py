"""Lists of emergency command."""
