"""Operators, edits, keyed randomness, protection and attack cards. Imports ``text`` and what is below it."""
