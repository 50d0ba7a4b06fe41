"""Derive the typing tables (attacks/tables/{keyboard,shift,layout,letters}) from real keyboard layouts.

Most layouts are sections of xkeyboard-config; two that it lacks (dubeolsik, Wijesekara) are written out beside this file.
"""

from .geometry import qwerty_neighbours
from .tables import Head, Row, write_table

__all__ = ["Head", "Row", "qwerty_neighbours", "write_table"]
