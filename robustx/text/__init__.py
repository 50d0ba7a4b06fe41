"""Writing systems: grapheme clusters, words, scripts, languages, and how text is shown. Imports only ``errors``."""
