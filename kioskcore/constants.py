"""Keeps None, True and False alive under Qt: PySide 6.12's wheel forgets to count its uses of them.

The wheel is built for Pythons whose constants are immortal (3.12 and later). On 3.11 every void call gives
back a None and every `Signal(bool).emit(True)` a True that was never taken, until the interpreter ends with
"deallocating True or False". Whoever imports PySide calls `pin_constants()` first.
"""

import ctypes
import sys

PLENTY = 1 << 40


def pin_constants() -> None:
    """Give the constants more references than any visit can lose. Safe to call again."""
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    for constant in (None, True, False, NotImplemented, Ellipsis):
        if sys.getrefcount(constant) < PLENTY // 2:
            count = ctypes.c_ssize_t.from_address(id(constant))  # ob_refcnt is the first field of an object
            count.value += PLENTY
