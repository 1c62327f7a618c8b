"""Camera, phone and stick on the scan screen: what shows while they work, and that the window stays quick."""

import time
from pathlib import Path

import pytest
from house import button, rule_faults, texts
from house_pixels import pixel_faults
from PySide6.QtCore import QTimer
from stand_in import FOLDER, SCANNER
from test_scan_screen import to_place

from kioskcore.errors import KioskError
from kioskcore.ports import Device, DeviceKind, Preview
from ui.samples import draw_page, sample_code
from ui.scan_desk import Phase
from ui.widgets.live import LivePicture

CAMERA = Device("camera:0", DeviceKind.CAMERA, "Bàn chụp")
PHONE = Device("phone:", DeviceKind.PHONE, "")
USB = Device("usb:", DeviceKind.USB, "")
LONGEST_MS = 100


def picture(kiosk) -> LivePicture:
    return next(each for each in kiosk.shell.findChildren(LivePicture) if each.isVisible())


def to_live(kiosk, qtbot, *previews: Preview) -> None:
    kiosk.scan.previews = list(previews)
    kiosk.scan.hold.clear()
    to_place(kiosk, qtbot)
    kiosk.tap("Quét")
    if previews:
        qtbot.waitUntil(lambda: picture(kiosk).shown > 0)


def test_the_camera_shows_what_it_sees_and_what_to_do(make_kiosk, qtbot, tmp_path: Path) -> None:
    kiosk = make_kiosk(devices=[CAMERA])
    to_live(kiosk, qtbot, Preview(draw_page(tmp_path / "a.png", clean=False), "closer"))
    assert rule_faults(kiosk.shell) == []
    time.sleep(1)  # the first words stay till they are read
    kiosk.flow.events.preview(Preview(tmp_path / "gone.png", "dark"))
    qtbot.waitUntil(lambda: kiosk.say("scan.hint.dark") in texts(kiosk.shell))
    assert picture(kiosk).shown == 1
    kiosk.tap("Chụp ngay")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is Phase.CORNERS)
    assert kiosk.scan.pressed == 1


def test_the_phone_shows_its_code_and_each_picture(make_kiosk, qtbot, tmp_path: Path) -> None:
    kiosk = make_kiosk([2], devices=[PHONE])
    code = sample_code(tmp_path / "code.png")
    to_live(kiosk, qtbot, Preview(code, "phone_open", "http://192.0.2.1/x", 0))
    assert kiosk.say("scan.phone.what") in texts(kiosk.shell)
    assert not button(kiosk.shell, "Xong, đủ ảnh rồi").isEnabled()
    kiosk.flow.events.page(kiosk.scan._page(9))
    kiosk.flow.events.preview(Preview(code, "phone_more", "http://192.0.2.1/x", 1))
    qtbot.waitUntil(lambda: button(kiosk.shell, "Xong, đủ ảnh rồi").isEnabled())
    assert picture(kiosk).shown == 1  # the same code is not read again
    assert rule_faults(kiosk.shell) == []
    kiosk.tap("Xong, đủ ảnh rồi")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is not Phase.BUSY)
    assert kiosk.scan.jobs[0].language == "vi"
    assert len(kiosk.flow.scan.desk.current.pages) == 3


def test_a_code_with_a_warning_says_what_to_tap(make_kiosk, qtbot, tmp_path: Path) -> None:
    kiosk = make_kiosk(devices=[PHONE])
    code = sample_code(tmp_path / "code.png")
    to_live(kiosk, qtbot, Preview(code, "phone_open", "https://192.0.2.1/x", 0))
    told = {kiosk.say(f"ui.scan.phone.{key}") for key in ("warns", "android", "iphone", "only")}
    assert told | {kiosk.say("phone.https")} <= set(texts(kiosk.shell))
    kiosk.flow.events.preview(Preview(code, "phone_open", "http://192.0.2.1/y", 0))
    qtbot.waitUntil(lambda: not told & set(texts(kiosk.shell)))
    assert kiosk.say("phone.http") in texts(kiosk.shell)


def test_a_page_is_seen_while_the_scanner_works(make_kiosk, qtbot, tmp_path: Path) -> None:
    kiosk = make_kiosk(devices=[SCANNER])
    to_live(kiosk, qtbot, Preview(draw_page(tmp_path / "raw.png", clean=False)))
    assert rule_faults(kiosk.shell) == []
    assert picture(kiosk).height() > 0.5 * kiosk.shell.height()
    view = kiosk.flow.scan._view
    kiosk.flow.events.progress(0.0)
    qtbot.waitUntil(lambda: not view._bar.isVisible())
    kiosk.flow.events.progress(0.4)
    qtbot.waitUntil(view._bar.isVisible)
    kiosk.flow.events.progress(0.97)
    qtbot.waitUntil(lambda: "97%" in texts(kiosk.shell))  # beside the bar: readable at any value
    assert pixel_faults(kiosk.shell) == [] and not view._bar.isTextVisible()
    kiosk.flow.events.page(kiosk.scan._page(9))
    qtbot.waitUntil(lambda: picture(kiosk).shown == 2)
    kiosk.scan.hold.set()
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is not Phase.BUSY)


@pytest.mark.parametrize("device", [USB, FOLDER], ids=["usb", "folder"])
def test_files_are_taken_in_the_order_of_the_taps(make_kiosk, qtbot, device: Device) -> None:
    kiosk = make_kiosk(devices=[device])
    kiosk.scan.refused = ["IMAGE-HEIC", "PDF-FORM", "IMAGE-HEIC"]
    to_place(kiosk, qtbot)
    kiosk.tap("Xem ảnh để chọn")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is Phase.CHOOSE)
    said = [kiosk.look.error(KioskError(code)) for code in kiosk.scan.refused[:2]]
    assert {"Có 2 tệp không mở được", "Có 1 tệp không mở được", *said[0], *said[1]} <= set(texts(kiosk.shell))
    assert rule_faults(kiosk.shell) == []
    assert not button(kiosk.shell, "Lấy ảnh đã chọn").isEnabled()
    for name in ("Ảnh 3. 2 trang", "Ảnh 1", "Ảnh 2"):
        kiosk.tap(name)
    kiosk.tap("Ảnh 1. Đã chọn, thứ 2")  # the second tap puts it back
    assert button(kiosk.shell, "Ảnh 2. Đã chọn, thứ 2")
    kiosk.tap("Lấy ảnh đã chọn")
    qtbot.waitUntil(lambda: bool(kiosk.scan.jobs))
    assert kiosk.scan.jobs[0].source == f"{device.source}k2,k1"
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is Phase.LOOK)


def test_when_one_way_fails_another_is_offered(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk(["SCAN-JAM", 1], devices=[SCANNER, CAMERA, PHONE])
    to_place(kiosk, qtbot)
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is Phase.FAULT)
    shown = texts(kiosk.shell)
    assert shown.index("Máy chụp") < shown.index("Điện thoại của tôi")
    assert "Máy quét" not in shown
    kiosk.tap("Máy chụp. Bàn chụp")
    assert "1. Đặt giấy lên bàn, mặt chữ ngửa lên." in texts(kiosk.shell)
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: len(kiosk.scan.jobs) == 2)
    assert kiosk.scan.jobs[1].source == CAMERA.source
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is Phase.CORNERS)


def test_devices_are_looked_for_again_on_request(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk(devices=[SCANNER])
    to_place(kiosk, qtbot)
    kiosk.scan.found = [SCANNER, USB]
    kiosk.tap("Tìm lại các cách khác")
    qtbot.waitUntil(lambda: "Thẻ nhớ USB" in texts(kiosk.shell))


def test_the_window_stays_quick_while_a_device_is_slow(make_kiosk, qtbot, tmp_path: Path) -> None:
    """The pulse: no turn of the window's loop works longer than a tenth of a second, whatever comes in."""
    kiosk = make_kiosk([12], devices=[CAMERA])
    frames = [draw_page(tmp_path / f"live-{number}.png", clean=False) for number in range(4)]
    to_live(kiosk, qtbot, Preview(frames[0], "lay"))
    kiosk.tap("Dừng quét")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is Phase.PLACE)
    worst, last = 0.0, time.thread_time()

    def beat() -> None:
        nonlocal worst, last
        now = time.thread_time()  # of this thread alone: what neighbours on the machine take is not ours
        worst, last = max(worst, now - last), now

    pulse = QTimer()
    pulse.timeout.connect(beat)
    pulse.start(5)
    kiosk.scan.previews = [Preview(frames[number % 4], "lay") for number in range(200)]
    kiosk.scan.hold.clear()
    kiosk.flow.scan._scan()
    QTimer.singleShot(600, kiosk.scan.hold.set)
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is Phase.CORNERS, timeout=20_000)
    kiosk.flow.scan.desk.rest()
    kiosk.flow.scan.redraw()  # twelve pages at once
    qtbot.wait(50)
    pulse.stop()
    assert worst * 1000 < LONGEST_MS
