"""A stick put in while the scan screen waits is found by itself, and never in the middle of a scan."""

from pathlib import Path

import pytest
from house import texts
from stand_in import SCANNER
from test_scan_screen import to_place

from kioskcore.config import Scan
from kioskcore.ports import Device, DeviceKind

STICK = Device("usb:", DeviceKind.USB, "")


@pytest.fixture(autouse=True)
def look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.stick_watch.LOOK_MILLISECONDS", 20)


def usb_is_offered(kiosk) -> bool:
    return any("Thẻ nhớ USB" in text for text in texts(kiosk.shell))


def test_a_stick_put_in_and_pulled_out(make_kiosk, qtbot, tmp_path: Path) -> None:
    place = tmp_path / "stick"
    kiosk = make_kiosk(devices=[SCANNER], scan=Scan(usb_folders=(str(place),)))
    to_place(kiosk, qtbot)
    assert not usb_is_offered(kiosk)
    kiosk.scan.found = [SCANNER, STICK]
    place.mkdir()
    qtbot.waitUntil(lambda: usb_is_offered(kiosk))
    kiosk.scan.found = [SCANNER]
    place.rmdir()
    qtbot.waitUntil(lambda: not usb_is_offered(kiosk))


def test_no_machine_is_asked_while_a_scan_runs(make_kiosk, qtbot, tmp_path: Path) -> None:
    place = tmp_path / "stick"
    kiosk = make_kiosk(devices=[SCANNER], scan=Scan(usb_folders=(str(place),)))
    to_place(kiosk, qtbot)
    kiosk.scan.hold.clear()
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: bool(kiosk.scan.jobs))
    kiosk.scan.found = [SCANNER, STICK]
    place.mkdir()
    qtbot.wait(150)
    assert kiosk.flow.scan.desk.devices == [SCANNER]
    kiosk.scan.hold.set()
    qtbot.waitUntil(lambda: "Trang này rõ chưa? Trang 1" in texts(kiosk.shell))
    kiosk.flow.scan.desk.place_more()  # "one page more": the screen waits for paper again
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.devices == [SCANNER, STICK])
