"""Suites: cards, building, the manifest with its signature, verification. Never imports torch."""
