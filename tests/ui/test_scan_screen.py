"""The scan screen's choices: turning a page, and glass or feeder."""

import pytest
from house import button, texts
from stand_in import FOLDER, SCANNER

from kioskcore.ports import Device, DeviceKind
from kioskcore.visit import Event
from ui.gallery_stage import GUIDE_WITH_SCAN
from ui.widgets.blocks import PictureBox

BOTH = Device("sane:both", DeviceKind.SCANNER, "Máy có kính và khay", feeder=True, flatbed=True)
FEEDER = Device("sane:feeder", DeviceKind.SCANNER, "Máy chỉ có khay", feeder=True, flatbed=False)


def to_place(kiosk, qtbot) -> None:
    kiosk.tap("Chạm để bắt đầu")
    kiosk.flow.choose.picked.emit(GUIDE_WITH_SCAN)
    kiosk.visit.fire(Event.TO_SCAN)
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.searched)


def to_look(kiosk, qtbot) -> None:
    to_place(kiosk, qtbot)
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: "Trang này rõ chưa? Trang 1" in texts(kiosk.shell))


def lies_wide(kiosk) -> list[bool]:
    """Of the pictures before and after: whether each is wider than high."""
    boxes = [box for box in kiosk.shell.findChildren(PictureBox) if box.isVisible()]
    return [box.picture.width() > box.picture.height() for box in boxes]


def test_a_page_that_lies_on_its_side_is_turned(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    to_look(kiosk, qtbot)
    assert lies_wide(kiosk) == [False, False]
    kiosk.scan.hold.clear()
    kiosk.tap("Xoay trang")
    assert "Máy đang làm lại trang này, bác chờ một chút." in texts(kiosk.shell)
    assert not any(button(kiosk.shell, words).isEnabled() for words in ("Rõ rồi", "Quét lại", "Bỏ trang này"))
    kiosk.tap("Quay lại")  # nothing to go back from while the page is away
    kiosk.scan.hold.set()
    qtbot.waitUntil(lambda: not kiosk.flow.scan.desk.turning)
    assert kiosk.flow.scan.desk.page.turn_degrees == 90
    assert lies_wide(kiosk) == [False, True]
    kiosk.tap("Xoay trang")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.page.turn_degrees == 180)
    assert lies_wide(kiosk) == [False, False]
    assert kiosk.count.names().count("page_scanned") == 1
    kiosk.tap("Rõ rồi")
    assert len(kiosk.flow.scan.desk.current.pages) == 1


def test_a_turn_that_fails_keeps_the_page(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk(script=[1, "SCAN-CRASH"])
    to_look(kiosk, qtbot)
    kiosk.tap("Xoay trang")
    qtbot.waitUntil(lambda: kiosk.say("error.SCAN-CRASH.say") in texts(kiosk.shell))
    kiosk.tap("Tôi hiểu rồi")
    assert "Trang này rõ chưa? Trang 1" in texts(kiosk.shell)
    assert kiosk.flow.scan.desk.page.turn_degrees == 0
    kiosk.tap("Xoay trang")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.page.turn_degrees == 90)


def test_glass_or_feeder_where_the_machine_has_both(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk(devices=[BOTH])
    to_place(kiosk, qtbot)
    assert "1. Mở nắp máy quét." in texts(kiosk.shell)
    kiosk.tap("Khay nạp giấy")
    assert "2. Đặt giấy vào khay theo hình vẽ trên khay." in texts(kiosk.shell)
    kiosk.tap("Mặt kính")
    assert "1. Mở nắp máy quét." in texts(kiosk.shell)
    kiosk.tap("Khay nạp giấy")
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: "Trang này rõ chưa? Trang 1" in texts(kiosk.shell))
    assert [(job.source, job.feeder) for job in kiosk.scan.jobs] == [(BOTH.source, True)]


@pytest.mark.parametrize(("device", "feeder"), [(FEEDER, True), (SCANNER, False), (FOLDER, False)])
def test_no_question_where_there_is_no_choice(make_kiosk, qtbot, device: Device, feeder: bool) -> None:
    kiosk = make_kiosk(devices=[device])
    to_place(kiosk, qtbot)
    assert "Bác đặt giấy vào đâu?" not in texts(kiosk.shell)
    assert ("1. Gỡ ghim, vuốt thẳng giấy." in texts(kiosk.shell)) is feeder
    if device is FOLDER:
        kiosk.tap("Xem ảnh để chọn")
        qtbot.waitUntil(lambda: "Ảnh 1" in texts(kiosk.shell))
        kiosk.tap("Ảnh 1")
    kiosk.tap("Lấy ảnh đã chọn" if device is FOLDER else "Quét")
    qtbot.waitUntil(lambda: bool(kiosk.scan.jobs))
    assert kiosk.scan.jobs[0].feeder is feeder
    assert kiosk.scan.jobs[0].paper == kiosk.flow.scan.desk.current.title
    qtbot.waitUntil(lambda: "Trang này rõ chưa? Trang 1" in texts(kiosk.shell))


def test_scan_is_lit_once_it_is_known_how_the_paper_lies(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    to_place(kiosk, qtbot)
    assert button(kiosk.shell, "Quét").kind == "primary"
    kiosk.flow.scan._search()
    assert button(kiosk.shell, "Quét").kind == "secondary"
    assert button(kiosk.shell, "Quét").isEnabled()  # who is quicker waits, and loses nothing
    qtbot.waitUntil(lambda: button(kiosk.shell, "Quét").kind == "primary")


def test_the_choice_of_the_feeder_does_not_follow_to_a_machine_without(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk(devices=[BOTH, SCANNER])
    to_place(kiosk, qtbot)
    kiosk.tap("Khay nạp giấy")
    kiosk.tap(f"Máy quét. {SCANNER.name}")
    assert "Bác đặt giấy vào đâu?" not in texts(kiosk.shell)
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: bool(kiosk.scan.jobs))
    assert kiosk.scan.jobs[0].feeder is False
    qtbot.waitUntil(lambda: "Trang này rõ chưa? Trang 1" in texts(kiosk.shell))


def test_no_cover_is_opened_before_the_machine_is_known(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk(devices=[FEEDER])
    kiosk.tap("Chạm để bắt đầu")
    kiosk.flow.choose.picked.emit(GUIDE_WITH_SCAN)
    kiosk.visit.fire(Event.TO_SCAN)
    assert not kiosk.flow.scan.desk.searched
    assert "2. Chờ máy chỉ cách đặt giấy." in texts(kiosk.shell)
    assert not any("nắp" in text for text in texts(kiosk.shell))
    qtbot.waitUntil(lambda: "1. Gỡ ghim, vuốt thẳng giấy." in texts(kiosk.shell))


@pytest.mark.parametrize(("device", "covered"), [(SCANNER, True), (FEEDER, False)])
def test_the_cover_matters_only_while_the_glass_is_read(make_kiosk, qtbot, device, covered: bool) -> None:
    kiosk = make_kiosk(devices=[device])
    to_place(kiosk, qtbot)
    kiosk.scan.hold.clear()
    kiosk.tap("Quét")
    assert ("Bác chờ một chút, đừng mở nắp." in texts(kiosk.shell)) is covered
    kiosk.scan.hold.set()
    qtbot.waitUntil(lambda: "Trang này rõ chưa? Trang 1" in texts(kiosk.shell))
    kiosk.tap("Rõ rồi")
    kiosk.scan.make_paper = lambda *_, **__: None  # the pages are still being put together
    kiosk.tap("Hết trang rồi")
    assert "Máy đang xếp các trang lại" in texts(kiosk.shell)
    assert "Bác chờ một chút." in texts(kiosk.shell)
    assert not any("nắp" in text for text in texts(kiosk.shell))
