"""Readings on their way from the intake to judges on other machines."""
