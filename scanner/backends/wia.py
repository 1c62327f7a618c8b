"""Windows scanners by WIA 2.0's automation objects. Not verified on real hardware; the doctor says so.

Sources: "wia:<device id>", as the device manager of the system names it. Every call is made on the thread of
the scan child that first called: COM objects belong to a thread.
"""

import secrets
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kioskcore.config import Scan
from kioskcore.errors import KioskError
from kioskcore.ports import ColourMode, Device, DeviceKind, Probe, ScanJob
from scanner.files import disk_faults

SCANNER_TYPE = 1
MOST_PAGES = 200
NOT_VERIFIED = "WIA 2.0; chưa kiểm trên máy thật / not verified on real hardware"

# property numbers of wiadef.h
NAME = 7
HANDLING_CAPABILITIES, HANDLING_STATUS, HANDLING_SELECT, PAGES = 3086, 3087, 3088, 3096
BED_WIDTH, BED_HEIGHT, FEEDER_WIDTH, FEEDER_HEIGHT = 3074, 3075, 3076, 3077  # 1/1000 inch
INTENT = 6146
X_RESOLUTION, Y_RESOLUTION, X_START, Y_START, X_EXTENT, Y_EXTENT = 6147, 6148, 6149, 6150, 6151, 6152

# HANDLING_CAPABILITIES and HANDLING_SELECT
FEEDER, FLATBED, DUPLEX = 1, 2, 4

# HANDLING_STATUS
FEED_READY, FLAT_COVER_UP, PATH_COVER_UP, PAPER_JAM = 0x01, 0x08, 0x10, 0x20

COLOUR_INTENT, GREY_INTENT = 1, 2
BMP = "{B96B3CAB-0728-11D3-9D7B-0000F81EF32E}"
"""Every driver must be able to give it, and it loses nothing."""

RESULTS = {
    0x80210001: "SCAN-IO",  # general
    0x80210002: "SCAN-JAM",
    0x80210003: "SCAN-NO-PAPER",
    0x80210004: "SCAN-JAM",  # "paper problem"
    0x80210005: "SCAN-NO-DEVICE",  # offline
    0x80210006: "SCAN-BUSY",
    0x80210007: "SCAN-BUSY",  # warming up
    0x80210008: "SCAN-COVER",  # "user intervention"
    0x80210009: "SCAN-NO-DEVICE",  # item deleted
    0x8021000A: "SCAN-IO",
    0x8021000D: "SCAN-BUSY",  # locked
    0x80210015: "SCAN-NO-DEVICE",
    0x80210016: "SCAN-COVER",
    0x80210020: "SCAN-JAM",  # several sheets at once
    0x80070005: "SCAN-DENIED",
    0x80070015: "SCAN-BUSY",  # not ready
    0x8007000E: "SCAN-MEMORY",
}
"""HRESULT of a failed call -> code."""

_SIZES_MM = {"A4": (210.0, 297.0), "A5": (148.0, 210.0), "ID-1": (148.0, 105.0)}


class WiaBackend:
    """`open_manager` gives WIA.DeviceManager; its faults are exceptions whose `hresult` is the status."""

    name = "wia"

    def __init__(self, config: Scan, open_manager: Callable[[], Any] | None = None) -> None:
        self._open_manager = open_manager or _system_manager
        self._cancelled = threading.Event()

    def probe(self) -> Probe:
        try:
            self._open_manager()
        except KioskError as error:
            return Probe(self.name, False, error.code, "WIA")
        return Probe(self.name, True, None, NOT_VERIFIED)

    def devices(self) -> list[Device]:
        """Only devices that can be opened."""
        found: list[Device] = []
        for info in self._infos():
            try:
                title = str(_read(info.Properties, NAME, ""))
                can = int(_read(_run(info.Connect).Properties, HANDLING_CAPABILITIES, FLATBED))
            except KioskError:
                continue
            found.append(
                Device(
                    f"{self.name}:{info.DeviceID}",
                    DeviceKind.SCANNER,
                    title,
                    flatbed=bool(can & FLATBED) or not can & FEEDER,
                    feeder=bool(can & FEEDER),
                    duplex=bool(can & FEEDER and can & DUPLEX),
                )
            )
        return found

    def scan(
        self,
        job: ScanJob,
        folder: Path,
        on_page: Callable[[Path], None],
        on_progress: Callable[[float], None],
    ) -> None:
        """Raises KioskError SCAN-*; pages told before stay."""
        self._cancelled.clear()
        device = self._device(job.source.partition(":")[2])
        can = int(_read(device.Properties, HANDLING_CAPABILITIES, FLATBED))
        feeder = job.feeder or not (can & FLATBED or not can & FEEDER)
        for wanted, bit, field in ((feeder, FEEDER, "feeder"), (job.duplex, DUPLEX, "duplex")):
            if wanted and not can & bit:
                raise KioskError("SCAN-JOB-INVALID", field=field)
        _check_ready(device, feeder)
        if can & FEEDER:
            _write(device.Properties, HANDLING_SELECT, _selected(feeder, job.duplex))
            _write(device.Properties, PAGES, 0 if feeder and not job.duplex else 1 + job.duplex, must=False)
        item = _run(lambda: device.Items(1))
        _set_up(item, device, job, feeder)
        count = 0
        while count < MOST_PAGES:
            if self._cancelled.is_set():
                raise KioskError("SCAN-CANCELLED")
            try:
                picture = _run(lambda: item.Transfer(BMP))
            except KioskError as error:
                if error.code == "SCAN-NO-PAPER" and count:
                    return  # the feeder has run dry
                raise
            file = folder / f"wia-{secrets.token_hex(6)}.bmp"
            with disk_faults():
                _run(lambda file=file, picture=picture: picture.SaveFile(str(file)))  # type: ignore[misc]
            count += 1
            on_progress(1.0)
            on_page(file)
            if not feeder:
                return

    def cancel(self) -> None:
        """Between two pages; a page under way cannot be stopped, and the service kills the child."""
        self._cancelled.set()

    def _infos(self) -> Iterator[Any]:
        infos = self._open_manager().DeviceInfos
        for number in range(1, int(_run(lambda: infos.Count)) + 1):
            info = _run(lambda number=number: infos.Item(number))  # type: ignore[misc]
            if int(info.Type) == SCANNER_TYPE:
                yield info

    def _device(self, device_id: str) -> Any:
        for info in self._infos():
            if device_id and str(info.DeviceID) == device_id:
                return _run(info.Connect)
        raise KioskError("SCAN-NO-DEVICE")


def _selected(feeder: bool, duplex: bool) -> int:
    return (FEEDER if feeder else FLATBED) | (DUPLEX if duplex else 0)


def _check_ready(device: Any, feeder: bool) -> None:
    status = int(_read(device.Properties, HANDLING_STATUS, FEED_READY))
    if status & PAPER_JAM:
        raise KioskError("SCAN-JAM")
    if status & PATH_COVER_UP:
        raise KioskError("SCAN-COVER")
    if feeder and not status & FEED_READY:
        raise KioskError("SCAN-NO-PAPER")


def _set_up(item: Any, device: Any, job: ScanJob, feeder: bool) -> None:
    """Resolution first: drivers reckon the extent in its pixels."""
    colour = job.mode in (ColourMode.COLOUR, ColourMode.AUTO)
    _write(item.Properties, INTENT, COLOUR_INTENT if colour else GREY_INTENT, must=False)
    for number in (X_RESOLUTION, Y_RESOLUTION):
        _write(item.Properties, number, job.dpi)
    for number in (X_START, Y_START):
        _write(item.Properties, number, 0, must=False)
    limits = (FEEDER_WIDTH, FEEDER_HEIGHT) if feeder else (BED_WIDTH, BED_HEIGHT)
    wanted = _SIZES_MM.get(job.page_size, (1e6, 1e6))
    for number, limit, length in zip((X_EXTENT, Y_EXTENT), limits, wanted, strict=True):
        thousandths = int(_read(device.Properties, limit, 0))
        most = thousandths / 1000 if thousandths > 0 else 8.5 if number == X_EXTENT else 11.69
        _write(item.Properties, number, int(min(length / 25.4, most) * job.dpi), must=False)


def _find(properties: Any, number: int) -> Any | None:
    for each in properties:
        if int(each.PropertyID) == number:
            return each
    return None


def _read(properties: Any, number: int, default: Any) -> Any:
    found = _run(lambda: _find(properties, number))
    return default if found is None else _run(lambda: found.Value)


def _write(properties: Any, number: int, value: int, *, must: bool = True) -> None:
    """A driver without the property, or that refuses the value, keeps its own where it need not obey."""
    try:
        found = _run(lambda: _find(properties, number))
        if found is not None:
            _run(lambda: setattr(found, "Value", value))
    except KioskError:
        if must:
            raise
        return
    if found is None and must:
        raise KioskError("SCAN-IO", reason=f"property {number}")


def _run(call: Callable[[], Any]) -> Any:
    """Raises the code of the HRESULT that a failed COM call carries; other exceptions pass."""
    try:
        return call()
    except KioskError:
        raise
    except Exception as fault:  # pywintypes.com_error exists on Windows only; it is known by its hresult
        if not hasattr(fault, "hresult"):
            raise
        status = _status(fault)
        raise KioskError(RESULTS.get(status, "SCAN-IO"), status=f"{status:08x}") from fault


def _status(fault: Any) -> int:
    """The driver's own status stands in excepinfo where the call was made through IDispatch."""
    inner = getattr(fault, "excepinfo", None)
    told = inner[5] if inner and len(inner) > 5 and inner[5] else fault.hresult
    return int(told) & 0xFFFFFFFF


def _system_manager() -> Any:
    """Raises SCAN-NOT-INSTALLED where there is no WIA."""
    if sys.platform != "win32":
        raise KioskError("SCAN-NOT-INSTALLED")
    try:
        import pythoncom
        import win32com.client
    except ImportError as fault:
        raise KioskError("SCAN-NOT-INSTALLED") from fault
    pythoncom.CoInitialize()  # once more on the same thread is harmless
    try:
        return win32com.client.Dispatch("WIA.DeviceManager")
    except pythoncom.com_error as fault:
        raise KioskError("SCAN-NOT-INSTALLED") from fault
