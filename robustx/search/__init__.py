"""The worst case: search, cascade and enumeration over the edits that attacks propose."""
