"""What the scan child may hold at most, and that it keeps nothing of it between two requests. Linux only."""

import ctypes
import sys

MOST_BYTES = 3 * 2**30
"""A 600-dpi A4 page in colour is 105 MB; the clean-up holds a dozen pictures of that size at most."""


def limit_memory() -> None:
    """A hostile picture meets a MemoryError instead of starving the machine."""
    if sys.platform != "linux":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = MOST_BYTES if hard == resource.RLIM_INFINITY else min(MOST_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def give_back() -> None:
    """The memory of pictures that are gone goes back to the system, where the portal's pages need it.

    The C library keeps some 150 MB of them for each thread's next ones, and what comes next asks for more
    besides, since no hole fits.
    """
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
