"""Where cells run. ``local`` is this machine; others take the same list of cells and the same function."""
