"""What the program's exit code says to its supervisor."""

from enum import IntEnum

from kioskcore.errors import KioskError


class ExitCode(IntEnum):
    """What the supervisor learns. Only BUG and WIPE_FAILED shall be started again."""

    OK = 0  # told to stop
    BUG = 1
    CONFIG_INVALID = 3
    ALREADY_RUNNING = 4
    DISPLAY_MISSING = 5
    TECHNICIAN = 6  # left on purpose, by a person who may
    WIPE_FAILED = 7  # told to stop, but something of the last visit is still there

    @classmethod
    def of(cls, error: KioskError) -> "ExitCode":
        """What a program that could not go on because of `error` exits with."""
        known = {
            "CONFIG-INVALID": cls.CONFIG_INVALID,
            "CONFIG-MISSING": cls.CONFIG_INVALID,
            "CONFIG-FOLDER": cls.CONFIG_INVALID,
            "SITE-INVALID": cls.CONFIG_INVALID,
            "GUIDE-INVALID": cls.CONFIG_INVALID,
            "KEEPER-RUNNING": cls.ALREADY_RUNNING,
            "DISPLAY-MISSING": cls.DISPLAY_MISSING,
            "ROOT-REFUSED": cls.DISPLAY_MISSING,
        }
        return known.get(error.code, cls.BUG)
