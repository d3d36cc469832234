"""The lives of things as tables."""
