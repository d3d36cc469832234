"""Reads of disaster relief."""
