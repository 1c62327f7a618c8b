"""Made-up papers for practice mode, and for trials a script of what shall happen.

Sources: "sample:" gives one paper (three from a feeder); "sample:page,SCAN-JAM" or "sample:@/file" plays the
outcomes in order: `page`, `spoilt` (an unreadable picture), a code, `hang`, `crash`, `slow` (a second).
"""

import os
import re
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path

from kioskcore.errors import KIND_OF, KioskError
from kioskcore.ports import Device, DeviceKind, Probe, ScanJob
from scanner.backends.paint import DPI, photograph
from scanner.files import disk_faults

LINE_VARIABLE = "KIOSK_SAMPLE_LINE_FILE"
"""Names a file with one more line for the papers: a rehearsal plants its marks by it."""

_ACTS = ("page", "spoilt", "hang", "crash", "slow")


class SampleBackend:
    name = "sample"

    def __init__(self) -> None:
        self._drawn = 0
        self._cancelled = threading.Event()

    def probe(self) -> Probe:
        return Probe(self.name, True)

    def devices(self) -> list[Device]:
        return [Device(f"{self.name}:", DeviceKind.SAMPLE, "", feeder=True)]

    def scan(
        self,
        job: ScanJob,
        folder: Path,
        on_page: Callable[[Path], None],
        on_progress: Callable[[float], None],
    ) -> None:
        """Raises what the script says; SCAN-JOB-INVALID for a script that cannot be read."""
        self._cancelled.clear()
        outcomes = _script(job)
        if not outcomes:
            raise KioskError("SCAN-NO-PAPER")
        for outcome in outcomes:
            if self._cancelled.is_set():
                raise KioskError("SCAN-CANCELLED")
            self._play(outcome, job.paper, folder, on_page, on_progress)

    def cancel(self) -> None:
        self._cancelled.set()

    def _play(
        self,
        outcome: str,
        paper: str,
        folder: Path,
        on_page: Callable[[Path], None],
        on_progress: Callable[[float], None],
    ) -> None:
        if outcome == "hang":
            while True:  # like a driver that does not come back, not even for cancel
                time.sleep(3600)
        elif outcome == "crash":
            os.abort()
        elif outcome == "slow":
            for step in range(10):
                on_progress(step / 10)
                if self._cancelled.wait(0.1):
                    raise KioskError("SCAN-CANCELLED")
        elif outcome in KIND_OF:
            raise KioskError(outcome)
        else:
            file = folder / f"sample-{secrets.token_hex(6)}.jpg"
            with disk_faults():
                if outcome == "spoilt":
                    file.write_bytes(b"\xff\xd8\xff\xe0 not a picture")
                else:
                    picture = photograph(self._drawn, _line(), paper)
                    picture.save(file, "JPEG", quality=92, dpi=(DPI, DPI))
            self._drawn += 1
            on_progress(1.0)
            on_page(file)


def _line() -> str:
    file = os.environ.get(LINE_VARIABLE)
    return Path(file).read_text(encoding="utf-8") if file else ""


def _script(job: ScanJob) -> list[str]:
    text = job.source.partition(":")[2]
    if not text:
        return ["page"] * (3 if job.feeder else 1)
    if text.startswith("@"):
        try:
            text = Path(text[1:]).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as fault:
            raise KioskError("SCAN-JOB-INVALID", field="source") from fault
    outcomes = [word for word in re.split(r"[,\s]+", text) if word]
    if any(word not in _ACTS and word not in KIND_OF for word in outcomes):
        raise KioskError("SCAN-JOB-INVALID", field="source")
    return outcomes
