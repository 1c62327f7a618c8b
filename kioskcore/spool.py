"""Paper: sends a PDF to the print queue of the settings, tells how it goes, and forgets it in the spool.

Every visit prints under a name of its own, that of its work folder: so the keeper can find and purge what a
visit left in the spool, also after a crash, without a list that could be lost.
"""

import time
from enum import IntEnum
from pathlib import Path
from urllib.parse import quote

from kioskcore.config import Print
from kioskcore.errors import KioskError
from kioskcore.ipp import Answer, Attributes, Operation, Server, Status, Wanted
from kioskcore.paths import PRINTED
from kioskcore.ports import PrintWish

JOB_NAME = "kiosk"

_REASONS = (  # the first that the printer reports is told
    ("media-jam", "PRINT-JAM"),
    ("media-empty", "PRINT-PAPER"),
    ("media-needed", "PRINT-PAPER"),
    ("cover-open", "PRINT-COVER"),
    ("door-open", "PRINT-COVER"),
    ("interlock-open", "PRINT-COVER"),
    ("toner-empty", "PRINT-INK"),
    ("marker-supply-empty", "PRINT-INK"),
    ("offline", "PRINT-OFFLINE"),
    ("connecting-to-device", "PRINT-OFFLINE"),
    ("paused", "PRINT-STOPPED"),
)
_STOPPED = 5  # of a printer's states
_WAITS_SECONDS = 0.1


class JobState(IntEnum):
    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


class Printer:
    """`kioskcore.ports.Prints` on the queue of `settings`, for one visit that works in `folder`."""

    def __init__(self, settings: Print, folder: Path, server: Server | None = None) -> None:
        self.folder = folder
        self._place = _place(settings.queue)
        self._server = server or Server()

    def send(self, wish: PrintWish) -> int:
        self.look()
        (self.folder / PRINTED).touch()
        job: dict[str, object] = {"copies": wish.copies, "print-scaling": "auto-fit"}
        if wish.pages is not None:
            job["page-ranges"] = wish.pages
        try:
            document = wish.pdf.read_bytes()
        except OSError as fault:
            raise KioskError("PRINT-FAILED") from fault
        wanted = {"job-name": JOB_NAME, "document-format": "application/pdf"}
        answer = self._ask(Operation.PRINT_JOB, wanted, job=job, document=document)
        number = answer.groups[0].get("job-id", [0])[0] if answer.groups else 0
        if not answer.good or not isinstance(number, int) or not number:
            raise KioskError("PRINT-FAILED")
        return number

    def done(self, number: int) -> bool:
        wanted = {"job-id": number, "requested-attributes": ["job-state"]}
        answer = self._ask(Operation.GET_JOB, wanted)
        state = answer.groups[0].get("job-state", [0])[0] if answer.groups else JobState.COMPLETED
        if state in (JobState.ABORTED, JobState.CANCELED, JobState.HELD, JobState.STOPPED):
            self._look_why()
            raise KioskError("PRINT-FAILED")
        if state != JobState.COMPLETED:
            self._look_why()
        return state == JobState.COMPLETED

    def look(self) -> None:
        """Raises KioskError where the queue takes nothing now."""
        about = self._about_printer()
        if about.get("printer-is-accepting-jobs") == [False] or about.get("printer-state") == [_STOPPED]:
            raise KioskError("PRINT-STOPPED")

    def _look_why(self) -> None:
        """Raises KioskError where the printer says why no paper comes."""
        reasons = [str(reason) for reason in self._about_printer().get("printer-state-reasons", [])]
        told = [reason for reason in reasons if not reason.endswith("-warning")]
        for begins, code in _REASONS:
            if any(reason.startswith(begins) for reason in told):
                raise KioskError(code)

    def _about_printer(self) -> Attributes:
        wanted = ["printer-state", "printer-state-reasons", "printer-is-accepting-jobs"]
        answer = self._ask(Operation.GET_PRINTER, {"requested-attributes": wanted})
        return answer.groups[0] if answer.groups else {}

    def _ask(
        self,
        operation: Operation,
        wanted: Wanted,
        job: Wanted | None = None,
        document: bytes = b"",
    ) -> Answer:
        try:
            answer = self._server.ask(
                operation, self._place, self.folder.name, wanted, job=job, document=document
            )
        except OSError as fault:
            raise KioskError("PRINT-NO-SERVICE") from fault
        if answer.status == Status.NOT_FOUND and operation is not Operation.GET_JOB:
            raise KioskError("PRINT-NO-PRINTER")
        if answer.status == Status.NOT_ACCEPTING:
            raise KioskError("PRINT-STOPPED")
        return answer


def unspooled(user: str, seconds: float) -> bool:
    """Cancel and purge whatever a visit has in the spool; True: nothing is left. `user`: its folder's name.

    False where the print server does not answer or will not.
    """
    server, end = Server(seconds), time.monotonic() + seconds
    while True:
        try:
            numbers = _jobs(server, user)
            if not numbers:
                return True
            for number in numbers:
                wanted = {"job-id": number, "purge-job": True}
                server.ask(Operation.CANCEL_JOB, "/", user, wanted)
        except OSError:
            return False
        if time.monotonic() > end:
            return False
        time.sleep(_WAITS_SECONDS)  # the server ends the job's filters first


def _jobs(server: Server, user: str) -> list[int]:
    """Every job of this user, also those whose paper is out: the server keeps their files for a day."""
    wanted = {"which-jobs": "all", "my-jobs": True, "requested-attributes": ["job-id"]}
    answer = server.ask(Operation.GET_JOBS, "/", user, wanted)
    if not answer.good:
        raise OSError("the print server does not tell its jobs")
    numbers = [number for group in answer.groups for number in group.get("job-id", [])]
    return [number for number in numbers if isinstance(number, int)]


def _place(queue: str) -> str:
    return f"/printers/{quote(queue, safe='')}"
