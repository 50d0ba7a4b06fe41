"""Where robustx meets other tools."""
