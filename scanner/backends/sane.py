"""Scanners through SANE's `scanimage` program: a driver that crashes or hangs stays outside this process.

Sources: "sane:<device>", and for trials "sane:<device>?option=value&option=value" with options of the device.
"""

import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from kioskcore.config import Scan
from kioskcore.errors import KioskError
from kioskcore.ports import Device, DeviceKind, Probe, ScanJob
from scanner.backends.sane_options import (
    Option,
    arguments,
    can_duplex,
    can_feed,
    can_lie_flat,
    read_options,
    uses_feeder,
)

PROGRAM = "scanimage"

EXIT_CODES = {
    3: "SCAN-BUSY",
    6: "SCAN-JAM",
    7: "SCAN-NO-PAPER",
    8: "SCAN-COVER",
    9: "SCAN-IO",
    10: "SCAN-MEMORY",
    11: "SCAN-DENIED",
}
"""scanimage ends with the SANE status of the read that failed."""

_OPEN_FAILED = (
    ("busy", "SCAN-BUSY"),
    ("denied", "SCAN-DENIED"),
    ("memory", "SCAN-MEMORY"),
    ("failed", "SCAN-NO-DEVICE"),
)
_EXTRA = re.compile(r"^(?P<device>.+?)\?(?P<extra>[a-z-]+=[\w .-]+(?:&[a-z-]+=[\w .-]+)*)$")
_PROGRESS = re.compile(rb"Progress: +([\d.]+)%")
_LIST_FORMAT = '{"device":"%d","vendor":"%v","model":"%m"}%n'
_ASK_SECONDS = 20.0
_LIST_SECONDS = 60.0  # the search of a network takes its time
_POLITE_SECONDS = 3.0
_CLOSE_SECONDS = 8.0
"""From the last page until the program ends: the lamp goes home. Some drivers hang there for ever, SANE's own
test device in 6 of 100 reads that fail."""
_TERMINATED = b"Batch terminated"
_READ_STATUS = re.compile(rb"scanner status = (\d+)")
_END_OF_PAGE = 5
_LEAST_FREE = 65536
_DRIVERLESS = ("airscan:", "escl:")
"""SANE's ways to the scanners that our own eSCL back end lists, under names that change."""


class SaneBackend:
    name = "sane"

    def __init__(self, config: Scan) -> None:
        self._only = config.sane_devices
        self._others = _DRIVERLESS if "escl" in config.sources else ()
        self._environment = {**os.environ, "LC_ALL": "C"}
        if config.sane_config_dir:
            self._environment["SANE_CONFIG_DIR"] = config.sane_config_dir
        self._options: dict[str, dict[str, Option]] = {}
        self._running: subprocess.Popen[bytes] | None = None
        self._cancelled = threading.Event()

    def probe(self) -> Probe:
        program = shutil.which(PROGRAM)
        return Probe(self.name, program is not None, None if program else "SCAN-NOT-INSTALLED", program or "")

    def examine(self) -> Probe:
        """Whether a device can be opened; the detail names each, and the code of those that cannot."""
        if not (quick := self.probe()).ok:
            return quick
        try:
            seen = self._opened()
        except KioskError as error:
            return Probe(self.name, False, error.code, quick.detail)
        told = [
            f"{name} ({it.code})" if isinstance(it, KioskError) else f"{name} ({it.name})"
            for name, it in seen.items()
        ]
        failed = [it.code for it in seen.values() if isinstance(it, KioskError)]
        if len(failed) < len(seen):
            return Probe(self.name, True, None, ", ".join(told))
        code = failed[0] if failed else "SCAN-NO-DEVICE"
        return Probe(self.name, False, code, ", ".join(told) or f"{quick.detail} -L: 0")

    def devices(self) -> list[Device]:
        """Only devices that can be opened: SANE lists a switched-off network scanner as well."""
        return [it for it in self._opened().values() if isinstance(it, Device)]

    def _opened(self) -> dict[str, Device | KioskError]:
        """Each device by its SANE name, or why it cannot be opened; one that is busy is there."""
        seen: dict[str, Device | KioskError] = {}
        for device, title in self._listed().items():
            try:
                options = self._ask_options(device)
            except KioskError as error:
                if error.code != "SCAN-BUSY":
                    seen[device] = error
                    continue
                options = {}
            seen[device] = Device(
                f"{self.name}:{device}",
                DeviceKind.SCANNER,
                title,
                flatbed=can_lie_flat(options),
                feeder=can_feed(options),
                duplex=can_duplex(options),
            )
        return seen

    def scan(
        self,
        job: ScanJob,
        folder: Path,
        on_page: Callable[[Path], None],
        on_progress: Callable[[float], None],
    ) -> None:
        """Raises KioskError SCAN-*; pages told before stay."""
        self._cancelled.clear()
        device, extra = split_source(job.source)
        if not device or (self._only and device not in self._only):
            raise KioskError("SCAN-NO-DEVICE")
        options = self._options.get(device) or self._ask_options(device)
        stem = folder / f"sane-{secrets.token_hex(4)}"
        command = [PROGRAM, "--device-name", device, "--format=tiff", "--progress"]
        command += [f"--batch={stem}-%04d.tif", "--batch-print"]
        command += [] if uses_feeder(job, options) else ["--batch-count=1"]
        command += arguments(job, options, extra)
        try:
            self._drive(command, on_page, on_progress)
        finally:
            for left in folder.glob(f"{stem.name}-*"):
                left.unlink(missing_ok=True)

    def cancel(self) -> None:
        """The driver is asked to bring the lamp home; after three seconds it is killed."""
        self._cancelled.set()
        running = self._running
        if running is not None:
            _send(running, signal.SIGINT)
            _killed_after(_POLITE_SECONDS, running)

    def _drive(
        self, command: list[str], on_page: Callable[[Path], None], on_progress: Callable[[float], None]
    ) -> None:
        process = self._start(command)
        said: list[bytes] = []
        talk = threading.Thread(target=_follow, args=(process, on_progress, said), daemon=True)
        talk.start()
        self._running = process
        count = 0
        try:
            assert process.stdout is not None
            with process.stdout as names:
                for line in names:
                    on_page(_whole(Path(os.fsdecode(line.rstrip(b"\n")))))
                    count += 1
            status = process.wait()
        finally:
            self._running = None
            if process.poll() is None:  # a page could not be taken: nobody wants the next ones
                process.kill()
            process.wait()
            talk.join(5)
        if self._cancelled.is_set():
            raise KioskError("SCAN-CANCELLED")
        words = b"".join(said)
        _judge(_read_status(words) if status == -signal.SIGKILL else status, words, count)

    def _start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self._environment,
            )
        except FileNotFoundError as fault:
            raise KioskError("SCAN-NOT-INSTALLED") from fault

    def _ask(self, *words: str, seconds: float = _ASK_SECONDS) -> str:
        try:
            answer = subprocess.run(
                [PROGRAM, *words],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env=self._environment,
                timeout=seconds,
                check=False,
            )
        except FileNotFoundError as fault:
            raise KioskError("SCAN-NOT-INSTALLED") from fault
        except subprocess.TimeoutExpired as fault:
            raise KioskError("SCAN-TIMEOUT") from fault
        if answer.returncode:
            _judge(answer.returncode, answer.stderr, 0)
        return answer.stdout.decode("utf-8", "replace")

    def _listed(self) -> dict[str, str]:
        """Device name -> title; those of the settings are not searched for, which saves seconds."""
        if self._only:
            return {device: device for device in self._only}
        listed: dict[str, str] = {}
        for line in self._ask("-f", _LIST_FORMAT, seconds=_LIST_SECONDS).splitlines():
            with suppress(ValueError, KeyError, TypeError):
                entry = json.loads(line)
                if not str(entry["device"]).startswith(self._others):
                    listed[str(entry["device"])] = f"{entry['vendor']} {entry['model']}".strip()
        return listed

    def _ask_options(self, device: str) -> dict[str, Option]:
        options = read_options(self._ask("--device-name", device, "--all-options"))
        self._options[device] = options
        return options


def split_source(source: str) -> tuple[str, Mapping[str, str]]:
    """"sane:test:0?read-delay=yes" -> ("test:0", {"read-delay": "yes"})."""
    rest = source.partition(":")[2]
    found = _EXTRA.match(rest)
    if not found:
        return rest, {}
    pairs = (pair.partition("=") for pair in found["extra"].split("&"))
    return found["device"], {name: value for name, _, value in pairs}


def _follow(
    process: "subprocess.Popen[bytes]", on_progress: Callable[[float], None], said: list[bytes]
) -> None:
    """Progress as it comes; the last words are kept for the verdict, after which the program must end."""
    assert process.stderr is not None
    ending: threading.Timer | None = None
    with process.stderr as stream, suppress(OSError, ValueError):
        descriptor = stream.fileno()
        while chunk := os.read(descriptor, 4096):
            if found := _PROGRESS.findall(chunk):
                on_progress(float(found[-1]) / 100)
            said.append(chunk)
            del said[:-4]
            if not ending and _TERMINATED in b"".join(said):
                ending = _killed_after(_CLOSE_SECONDS, process)
    process.wait()
    if ending:
        ending.cancel()


def _whole(page: Path) -> Path:
    """On a full disk scanimage writes half a page and calls it good. Raises DISK-FULL."""
    if shutil.disk_usage(page.parent).free < _LEAST_FREE:
        raise KioskError("DISK-FULL")
    return page


def _read_status(said: bytes) -> int:
    """How the last read ended, of a program that was killed; as if it had crashed, if it had not said all."""
    read = _READ_STATUS.findall(said)
    if not read or _TERMINATED not in said:
        return -signal.SIGKILL
    return 0 if int(read[-1]) == _END_OF_PAGE else int(read[-1])


def _judge(status: int, said: bytes, count: int) -> None:
    """Raises the error that the exit status and last words mean; silent where all went well."""
    if status == 0:
        if count == 0:
            raise KioskError("SCAN-NO-PAPER")  # a batch that ends at once ends "well"
        return
    text = said.decode("utf-8", "replace").lower()
    if status == -signal.SIGXFSZ or "no space left" in text or "file too large" in text:
        raise KioskError("DISK-FULL")
    if status < 0:
        raise KioskError("SCAN-CRASH")
    if status in EXIT_CODES:
        raise KioskError(EXIT_CODES[status])
    if "open of device" in text:
        raise KioskError(next(code for word, code in _OPEN_FAILED if word in text))
    raise KioskError("SCAN-IO", status=status)


def _killed_after(seconds: float, process: "subprocess.Popen[bytes]") -> threading.Timer:
    """The running timer at whose end a program is killed, if it still runs."""
    late = threading.Timer(seconds, _send, (process, signal.SIGKILL))
    late.daemon = True
    late.start()
    return late


def _send(process: "subprocess.Popen[bytes]", number: int) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(number)
