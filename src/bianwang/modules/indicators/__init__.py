"""Figures, targets, weights, scores as of a day."""
