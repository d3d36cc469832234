"""Functional lines, projects, payments, publication, posts and staff."""
