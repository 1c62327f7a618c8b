"""Against recorded COM objects: the calls follow the documentation, real devices are still to be tried."""

from pathlib import Path

import pytest
from PIL import Image

from kioskcore.config import Scan
from kioskcore.errors import KioskError
from kioskcore.ports import ColourMode, ScanJob
from scanner.backends import wia
from scanner.backends.wia import WiaBackend
from tests.scanner.recorded_wia import Scanner, leftovers, manager


def backend(*scanners: Scanner) -> WiaBackend:
    return WiaBackend(Scan(), lambda: manager(*scanners))


def scan(scanner: Scanner, folder: Path, **job: object) -> list[tuple[int, int]]:
    sizes: list[tuple[int, int]] = []

    def on_page(file: Path) -> None:
        with Image.open(file) as picture:
            sizes.append(picture.size)
        file.unlink()

    source = f"wia:{scanner.DeviceID}"
    scanner.came = sizes  # type: ignore[attr-defined]
    backend(Scanner(DeviceID="other"), scanner).scan(
        ScanJob(source, **job), folder, on_page, lambda fraction: None
    )
    return sizes


def code_of(scanner: Scanner, folder: Path, **job: object) -> str:
    with pytest.raises(KioskError) as caught:
        scan(scanner, folder, **job)
    assert leftovers(folder) == []
    return caught.value.code


def test_scanners_are_listed_and_cameras_are_not() -> None:
    broken = Scanner(DeviceID="broken", connect=0x80210005)
    glass = Scanner(DeviceID="glass", can=wia.FLATBED)
    camera = Scanner(DeviceID="camera", Type=2)
    feeder = Scanner(DeviceID="feeder", can=wia.FEEDER)
    found = backend(Scanner(), broken, glass, camera, feeder).devices()
    assert [(device.flatbed, device.feeder, device.duplex) for device in found] == [
        (True, True, True),
        (True, False, False),
        (False, True, False),
    ]
    assert found[0].name == "Máy quét thử"
    assert found[0].source.startswith("wia:{")


def test_one_page_of_the_glass(tmp_path: Path) -> None:
    scanner = Scanner()
    assert scan(scanner, tmp_path, dpi=200, page_size="A5") == [(1165, 120)]
    assert scanner.formats == [wia.BMP]
    told = {number: scanner.written(number) for number in (wia.HANDLING_SELECT, wia.INTENT, wia.X_RESOLUTION)}
    assert told == {wia.HANDLING_SELECT: wia.FLATBED, wia.INTENT: wia.COLOUR_INTENT, wia.X_RESOLUTION: 200}
    assert scanner.written(wia.Y_EXTENT) == 1653
    order = [number for number, _ in scanner.record]
    assert order.index(wia.X_RESOLUTION) < order.index(wia.X_EXTENT)


def test_the_field_is_never_beyond_the_glass(tmp_path: Path) -> None:
    scanner = Scanner()
    scan(scanner, tmp_path, dpi=100, page_size="auto")
    assert (scanner.written(wia.X_EXTENT), scanner.written(wia.Y_EXTENT)) == (850, 1170)


def test_all_sheets_of_the_feeder_both_sides(tmp_path: Path) -> None:
    scanner = Scanner(script=["page"] * 4)
    assert len(scan(scanner, tmp_path, feeder=True, duplex=True, mode=ColourMode.GREY)) == 4
    assert scanner.written(wia.HANDLING_SELECT) == wia.FEEDER | wia.DUPLEX
    assert scanner.written(wia.INTENT) == wia.GREY_INTENT


def test_a_device_without_glass_takes_from_its_feeder(tmp_path: Path) -> None:
    scanner = Scanner(can=wia.FEEDER, script=["page", "page"])
    assert len(scan(scanner, tmp_path, feeder=False)) == 2
    assert scanner.written(wia.HANDLING_SELECT) == wia.FEEDER


@pytest.mark.parametrize(
    ("can", "job"),
    [
        (wia.FLATBED, {"feeder": True}),
        (wia.FLATBED | wia.FEEDER, {"feeder": True, "duplex": True}),
    ],
)
def test_what_the_device_lacks_is_refused(tmp_path: Path, can: int, job: dict[str, bool]) -> None:
    assert code_of(Scanner(can=can), tmp_path, **job) == "SCAN-JOB-INVALID"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (wia.FEED_READY | wia.PAPER_JAM, "SCAN-JAM"),
        (wia.FEED_READY | wia.PATH_COVER_UP, "SCAN-COVER"),
        (0, "SCAN-NO-PAPER"),
    ],
)
def test_a_feeder_that_is_not_ready(tmp_path: Path, status: int, code: str) -> None:
    assert code_of(Scanner(status=status), tmp_path, feeder=True) == code


@pytest.mark.parametrize("status", wia.RESULTS)
@pytest.mark.parametrize("before", [0, 1])
def test_each_status_of_the_driver_has_its_code(tmp_path: Path, status: int, before: int) -> None:
    scanner = Scanner(script=["page"] * before + [status])
    if before and status == 0x80210003:
        assert len(scan(scanner, tmp_path, feeder=True)) == 1
        return
    assert code_of(scanner, tmp_path, feeder=True) == wia.RESULTS[status]
    assert len(scanner.came) == before  # type: ignore[attr-defined]


def test_an_unknown_status_is_told_with_its_number(tmp_path: Path) -> None:
    with pytest.raises(KioskError) as caught:
        scan(Scanner(script=[0x8021FFFF]), tmp_path)
    assert (caught.value.code, caught.value.facts) == ("SCAN-IO", {"status": "8021ffff"})


def test_a_driver_that_lacks_or_refuses_what_is_not_needed(tmp_path: Path) -> None:
    lacking = Scanner(lacks=(wia.INTENT, wia.X_START, wia.PAGES, wia.HANDLING_STATUS, wia.BED_WIDTH))
    assert len(scan(lacking, tmp_path)) == 1
    assert len(scan(Scanner(refuses=(wia.INTENT, wia.Y_EXTENT)), tmp_path)) == 1
    assert code_of(Scanner(lacks=(wia.X_RESOLUTION,)), tmp_path) == "SCAN-IO"
    assert code_of(Scanner(refuses=(wia.X_RESOLUTION,)), tmp_path) == "SCAN-IO"


def test_cancel_between_two_sheets(tmp_path: Path) -> None:
    scanner = Scanner(script=["page"] * 50)
    wia_backend = backend(scanner)

    def on_page(file: Path) -> None:
        file.unlink()
        wia_backend.cancel()

    with pytest.raises(KioskError) as caught:
        wia_backend.scan(
            ScanJob(f"wia:{scanner.DeviceID}", feeder=True), tmp_path, on_page, lambda fraction: None
        )
    assert caught.value.code == "SCAN-CANCELLED"
    assert len(scanner.script) == 49


def test_a_device_that_is_gone(tmp_path: Path) -> None:
    for source in ("wia:", "wia:none"):
        with pytest.raises(KioskError) as caught:
            backend(Scanner()).scan(ScanJob(source), tmp_path, pytest.fail, lambda fraction: None)
        assert caught.value.code == "SCAN-NO-DEVICE"
    assert code_of(Scanner(connect=0x80210015), tmp_path) == "SCAN-NO-DEVICE"


def test_the_doctor_says_that_no_real_device_was_tried() -> None:
    assert "not verified" in backend().probe().detail


@pytest.mark.skipif("sys.platform == 'win32'")
def test_other_systems_have_no_wia() -> None:
    probe = WiaBackend(Scan()).probe()
    assert (probe.ok, probe.code) == (False, "SCAN-NOT-INSTALLED")
