"""Checkpoints, batched inference and the tokenizer audit. The only layer, with ``search`` above it, that imports torch."""
