"""Coded errors: every fault that a person can meet is a `KioskError` with a code from `KIND_OF`.

A code has a sentence and one action in the words files (`error.<CODE>.say`, `error.<CODE>.do`).
"""

from enum import StrEnum


class ErrorKind(StrEnum):
    """What the person can do about it."""

    RETRY = "retry"  # try again, perhaps after a simple act ("close the cover")
    CALL = "call"  # a member of staff is needed; the visit may go on
    STOP = "stop"  # the visit cannot go on; it ends cleanly
    BUG = "bug"  # ours; ends the visit and is counted


KIND_OF: dict[str, ErrorKind] = {
    # settings and start
    "CONFIG-INVALID": ErrorKind.STOP,
    "CONFIG-MISSING": ErrorKind.STOP,
    "CONFIG-FOLDER": ErrorKind.STOP,
    "DISPLAY-MISSING": ErrorKind.STOP,
    "ROOT-REFUSED": ErrorKind.STOP,
    "KEEPER-RUNNING": ErrorKind.STOP,
    "PORT-TAKEN": ErrorKind.STOP,
    "CRASH-LOOP": ErrorKind.STOP,
    "WIPE-FAILED": ErrorKind.STOP,
    "WORK-FOLDER": ErrorKind.STOP,
    # disk and counts
    "DISK-FULL": ErrorKind.CALL,
    "COUNTS-CORRUPT": ErrorKind.CALL,
    "COUNTS-UNSAVED": ErrorKind.CALL,
    # scanning
    "SCAN-NO-DEVICE": ErrorKind.CALL,
    "SCAN-NOT-INSTALLED": ErrorKind.CALL,
    "SCAN-SOURCE-UNKNOWN": ErrorKind.CALL,
    "SCAN-BUSY": ErrorKind.RETRY,
    "SCAN-JAM": ErrorKind.CALL,
    "SCAN-COVER": ErrorKind.RETRY,
    "SCAN-NO-PAPER": ErrorKind.RETRY,
    "SCAN-NO-CAMERA": ErrorKind.CALL,
    "SCAN-NO-STICK": ErrorKind.RETRY,
    "SCAN-NO-FILES": ErrorKind.RETRY,
    "SCAN-NOT-SEEN": ErrorKind.RETRY,
    "SCAN-PHONE-OFF": ErrorKind.CALL,
    "SCAN-PHONE-SILENT": ErrorKind.RETRY,
    "SCAN-IO": ErrorKind.RETRY,
    "SCAN-MEMORY": ErrorKind.RETRY,
    "SCAN-DENIED": ErrorKind.CALL,
    "SCAN-UNTRUSTED": ErrorKind.CALL,
    "SCAN-TIMEOUT": ErrorKind.RETRY,
    "SCAN-CRASH": ErrorKind.RETRY,
    "SCAN-CANCELLED": ErrorKind.RETRY,
    "SCAN-JOB-INVALID": ErrorKind.BUG,
    # pictures and papers
    "IMAGE-UNREADABLE": ErrorKind.RETRY,
    "IMAGE-EMPTY": ErrorKind.RETRY,
    "IMAGE-HEIC": ErrorKind.RETRY,
    "IMAGE-TOO-LARGE": ErrorKind.RETRY,
    "IMAGE-TOO-SMALL": ErrorKind.RETRY,
    "PDF-UNREADABLE": ErrorKind.RETRY,
    "PDF-LOCKED": ErrorKind.RETRY,
    "PDF-FORM": ErrorKind.RETRY,
    "PDF-TOO-LONG": ErrorKind.RETRY,
    "PAPER-TOO-BIG": ErrorKind.RETRY,
    "PAGE-TOO-BIG": ErrorKind.RETRY,
    "PAPER-NOT-SHRUNK": ErrorKind.RETRY,
    "CARD-TOO-MANY": ErrorKind.RETRY,
    "CARD-SHAPE": ErrorKind.RETRY,
    # files that a command is given
    "FILE-MISSING": ErrorKind.STOP,
    "FILE-IS-FOLDER": ErrorKind.STOP,
    "OUT-IS-FOLDER": ErrorKind.STOP,
    "OUT-IS-FILE": ErrorKind.STOP,
    "OUT-IS-INPUT": ErrorKind.STOP,
    "OUT-NOT-PDF": ErrorKind.STOP,
    "REPORT-IS-PDF": ErrorKind.STOP,
    "OUT-FOLDER-MISSING": ErrorKind.STOP,
    "OUT-NOT-WRITABLE": ErrorKind.STOP,
    # portal
    "PORTAL-BLOCKED": ErrorKind.RETRY,
    "PORTAL-OFFLINE": ErrorKind.RETRY,
    "PORTAL-LOAD": ErrorKind.RETRY,
    "PORTAL-KEPT": ErrorKind.RETRY,
    "PORTAL-NO-ANSWER": ErrorKind.RETRY,
    "PORTAL-CERTIFICATE": ErrorKind.STOP,
    "PORTAL-LOGIN-BOX": ErrorKind.RETRY,
    "PORTAL-CRASH": ErrorKind.RETRY,
    "PORTAL-HANG": ErrorKind.RETRY,
    "PORTAL-DOWNLOAD": ErrorKind.RETRY,
    "PORTAL-PAPERS": ErrorKind.RETRY,
    "PORTAL-FILE-FOLDER": ErrorKind.RETRY,
    "PORTAL-FILE-TYPE": ErrorKind.RETRY,
    "PORTAL-FILE-SIZE": ErrorKind.RETRY,
    "PORTAL-BROKEN": ErrorKind.CALL,
    "PORTAL-NOISY": ErrorKind.RETRY,
    "PORTAL-PROGRAM": ErrorKind.RETRY,
    "SITE-INVALID": ErrorKind.STOP,
    # printing
    "PRINT-OFF": ErrorKind.CALL,
    "PRINT-NO-SERVICE": ErrorKind.CALL,
    "PRINT-NO-PRINTER": ErrorKind.CALL,
    "PRINT-STOPPED": ErrorKind.CALL,
    "PRINT-OFFLINE": ErrorKind.CALL,
    "PRINT-PAPER": ErrorKind.CALL,
    "PRINT-JAM": ErrorKind.CALL,
    "PRINT-COVER": ErrorKind.RETRY,
    "PRINT-INK": ErrorKind.CALL,
    "PRINT-TOO-LONG": ErrorKind.RETRY,
    "PRINT-FAILED": ErrorKind.RETRY,
    # guides
    "GUIDE-INVALID": ErrorKind.STOP,
    "GUIDE-UNKNOWN": ErrorKind.RETRY,
    "CATALOGUE-INVALID": ErrorKind.CALL,
    "CATALOGUE-DAMAGED": ErrorKind.CALL,
    # rehearsal
    "SCENARIO-INVALID": ErrorKind.STOP,
    # ours
    "BUG": ErrorKind.BUG,
}


class KioskError(Exception):
    """A fault with a code. `facts` fill the sentence; they never hold personal data.

    Raises KeyError for a code that is not in `KIND_OF`, so that no unnamed error can exist.
    """

    def __init__(self, code: str, /, **facts: str | int | float) -> None:
        self.code = code
        self.kind = KIND_OF[code]
        self.facts = facts
        detail = " ".join(f"{name}={value}" for name, value in facts.items())
        super().__init__(f"{code} {detail}".rstrip())
