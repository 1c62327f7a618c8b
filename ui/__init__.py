"""Everything a person sees and touches."""

from kioskcore.constants import pin_constants

pin_constants()  # before the first import of PySide below this room
