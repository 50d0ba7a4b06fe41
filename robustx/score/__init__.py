"""Figures with their uncertainty: pure functions of run folders. Knows no task, sees no model."""
