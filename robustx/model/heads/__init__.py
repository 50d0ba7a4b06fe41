"""The heads of models: how each kind takes a row, and what it makes of it."""
