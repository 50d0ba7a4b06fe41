"""Strategies: which sets of edits to try next, given what the model made of those before."""
