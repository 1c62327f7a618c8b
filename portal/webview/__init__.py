"""The embedded browser: the only WebEngine code. Import `browser.Browser` late, after the waiting screen."""

from kioskcore.constants import pin_constants

pin_constants()  # before the first import of PySide below this room
