"""Excel lists."""
