"""Readers of published data sets, one module a family of formats. Bad rows are counted and named, never guessed at."""
