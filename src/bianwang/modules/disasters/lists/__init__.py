"""The lists of the disaster statistics."""
