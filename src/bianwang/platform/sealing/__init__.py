"""Columns that keep what few may read, and giving them another key."""
