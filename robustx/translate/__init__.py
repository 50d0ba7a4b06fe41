"""Translated adversarial NLI: engines, sentence splitting, resumable work, quality gates and the data set that comes out."""
