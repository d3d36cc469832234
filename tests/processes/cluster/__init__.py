"""Judging on a cluster."""
