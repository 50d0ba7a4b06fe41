"""Derive the tables of encoding forms (case, digits, punctuation, compatibility) from the Unicode Character Database."""
