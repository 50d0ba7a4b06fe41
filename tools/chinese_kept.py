"""Chinese characters that no table of errors touches."""

KEPT = frozenset("不没无未非别勿莫否毋零一二两三四五六七八九十百千万亿几")
"""Negation and number characters: never replaced and never put in, so that no edit denies or counts anew."""
