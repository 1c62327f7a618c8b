"""Pages by hand: set aside and back, retaken, moved, split, merged, cut anew; and the two sides of a card."""

from dataclasses import replace

import pytest
from house import button, rule_faults, texts
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtTest import QTest
from stand_in import SCANNER
from test_scan_screen import to_place

from kioskcore.ports import Device, DeviceKind
from ui.gallery import settle
from ui.scan_desk import Phase, Side
from ui.screens.paper_view import ZOOM_STEP, Sheet
from ui.widgets.blocks import PictureBox, Text
from ui.widgets.corners import CornerEditor
from ui.widgets.framed import edged

CAMERA = Device("camera:0", DeviceKind.CAMERA, "")
CARD = (85.6, 54.0)


def scanned(kiosk, qtbot, pages: int) -> None:
    """That many pages are there, all looked at."""
    to_place(kiosk, qtbot)
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is Phase.LOOK)
    for _ in range(pages):
        kiosk.tap("Rõ rồi")


def ids(kiosk) -> list[str]:
    return [page.page_id for page in kiosk.flow.scan.desk.current.pages]


def test_a_deleted_page_comes_back_to_its_place(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk([3])
    scanned(kiosk, qtbot, 3)
    before = ids(kiosk)
    kiosk.tap("Trang 2")
    kiosk.tap("Bỏ trang này")
    assert ids(kiosk) == [before[0], before[2]]
    assert "Trang vừa bỏ vẫn còn, bác lấy lại được." in texts(kiosk.shell)
    kiosk.tap("Lấy lại trang")
    assert ids(kiosk) == before


def test_blank_pages_are_put_aside_and_may_come_back(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk([3])
    kiosk.scan.verdicts = [(), ("blank",), ("blank",)]
    scanned(kiosk, qtbot, 1)
    assert ids(kiosk) == ["page-1"]
    assert "Máy thấy một trang trắng nên đã để riêng ra." in texts(kiosk.shell)
    kiosk.tap("Lấy lại trang")
    kiosk.tap("Lấy lại trang")
    assert ids(kiosk) == ["page-1", "page-2", "page-3"]


def test_one_blank_page_alone_is_asked_about(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    kiosk.scan.verdicts = [("blank",)]
    scanned(kiosk, qtbot, 0)
    assert kiosk.say("scan.verdict.blank") in texts(kiosk.shell)
    kiosk.tap("Bỏ trang này")
    assert kiosk.flow.scan.desk.phase is Phase.PLACE
    kiosk.tap("Lấy lại trang")
    assert ids(kiosk) == ["page-1"]


def test_a_page_scanned_again_takes_the_place_of_the_old_one(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk([3, 1])
    scanned(kiosk, qtbot, 3)
    kiosk.tap("Trang 2")
    kiosk.tap("Quét lại")
    assert "Quét lại trang 2" in texts(kiosk.shell)
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is Phase.LOOK)
    assert ids(kiosk) == ["page-1", "page-4", "page-3"]
    assert "Trang này rõ chưa? Trang 2" in texts(kiosk.shell)


def test_the_old_page_stays_while_the_new_one_fails(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk([2, "SCAN-COVER", 1])
    scanned(kiosk, qtbot, 2)
    kiosk.tap("Trang 1")
    kiosk.tap("Quét lại")
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is Phase.FAULT)
    assert ids(kiosk) == ["page-1", "page-2"]
    kiosk.tap("Quét lại")  # the same page once more, without a question between
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is Phase.LOOK)
    assert ids(kiosk) == ["page-3", "page-2"]


def test_pages_are_moved_split_and_merged(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk([3])
    scanned(kiosk, qtbot, 3)
    kiosk.tap("Sắp xếp các trang")
    kiosk.tap("Trang 3")
    kiosk.tap("Lên trước một chỗ")
    assert ids(kiosk) == ["page-1", "page-3", "page-2"]
    kiosk.tap("Ra sau một chỗ")
    assert ids(kiosk) == ["page-1", "page-2", "page-3"]
    kiosk.tap("Trang 2")
    kiosk.tap("Từ trang 2 là giấy khác")
    kiosk.tap("Xong, đúng thứ tự rồi")
    assert ids(kiosk) == ["page-1"]
    kiosk.tap("Hết trang rồi")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.at == 1)
    assert kiosk.scan.made_of == ["page-1"]
    assert ids(kiosk) == ["page-2", "page-3"]
    first = kiosk.flow.scan.desk.wanted[0].title
    kiosk.tap("Sắp xếp các trang")
    kiosk.tap(f"Gộp vào {first}")
    kiosk.tap("Xong, đúng thứ tự rồi")
    assert ids(kiosk) == ["page-1", "page-2", "page-3"]
    assert len(kiosk.flow.scan.desk.wanted) == 1
    kiosk.tap("Hết trang rồi")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is Phase.LIST)
    assert kiosk.scan.made_of == ["page-1", "page-2", "page-3"]


def test_a_removed_paper_comes_back_and_nobody_leaves_without_it(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk([2])
    scanned(kiosk, qtbot, 2)
    kiosk.tap("Hết trang rồi")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is Phase.LIST)
    kiosk.tap("Bỏ giấy này")
    assert kiosk.flow.scan.papers == []
    kiosk.tap("Lấy lại giấy")
    assert ids(kiosk) == ["page-1", "page-2"]
    kiosk.tap("Quay lại")
    assert "Đã quét 2 trang, chưa xếp xong" in texts(kiosk.shell)
    kiosk.tap("Đi tiếp")
    assert kiosk.flow.scan.desk.phase is Phase.MORE
    kiosk.tap("Hết trang rồi")
    qtbot.waitUntil(lambda: len(kiosk.flow.scan.papers) == 1)


@pytest.mark.parametrize(("purpose", "line"), [(True, "Chỉ dùng để nộp hồ sơ dịch vụ công"), (False, "")])
def test_a_card_is_asked_for_side_by_side(make_kiosk, qtbot, purpose: bool, line: str) -> None:
    kiosk = make_kiosk()
    kiosk.scan.sizes = [CARD, CARD[::-1]]
    scanned(kiosk, qtbot, 1)
    assert "Giờ đến mặt sau của thẻ" in texts(kiosk.shell)
    kiosk.tap("Quét mặt sau")
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is Phase.LOOK)
    kiosk.tap("Rõ rồi")
    if not purpose:
        kiosk.tap("In mờ dòng chữ lên bản quét thẻ")
    kiosk.tap("Hết trang rồi")
    qtbot.waitUntil(lambda: bool(kiosk.flow.scan.papers))
    assert kiosk.scan.purpose == line


def test_a_card_without_a_back_and_a_plain_paper(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    kiosk.scan.sizes = [CARD]
    scanned(kiosk, qtbot, 1)
    kiosk.tap("Giấy này chỉ có một mặt")
    kiosk.tap("Thêm một trang nữa")  # a sheet comes to the card: then it is no card sheet any more
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is Phase.LOOK)
    kiosk.tap("Rõ rồi")
    kiosk.tap("Hết trang rồi")
    qtbot.waitUntil(lambda: bool(kiosk.flow.scan.papers))
    assert kiosk.scan.purpose is None


def to_corners(kiosk, qtbot) -> CornerEditor:
    to_place(kiosk, qtbot)
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is Phase.CORNERS)
    assert rule_faults(kiosk.shell) == []
    return kiosk.shell.findChild(CornerEditor)


def test_where_no_edge_was_found_four_corners_are_dragged(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk(devices=[CAMERA])
    editor = to_corners(kiosk, qtbot)
    assert "Máy chưa thấy mép giấy. Bác kéo bốn góc giúp máy." in texts(kiosk.shell)
    handle = editor.handles[0]
    middle = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(handle, middle - QPoint(15, 10))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle)
    room, place = editor.room, editor.corners[0]
    assert place[0] == pytest.approx(0.1 - 15 / room.width(), abs=0.02)
    assert place[1] == pytest.approx(0.1 - 10 / room.height(), abs=0.02)
    kiosk.tap("Cắt theo khung này")
    qtbot.waitUntil(lambda: not kiosk.flow.scan.desk.turning)
    page = kiosk.flow.scan.desk.page
    assert page.corners[2] == pytest.approx((0.9 * 619, 0.9 * 876), abs=2)
    assert kiosk.flow.scan.desk.phase is Phase.LOOK


def test_corners_by_tap_and_by_keys(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk(devices=[CAMERA])
    editor = to_corners(kiosk, qtbot)
    room = editor.room
    QTest.mouseClick(editor, Qt.MouseButton.LeftButton, pos=(room.center() + room.topRight()).toPoint() / 2)
    assert editor.corners[1] == pytest.approx((0.75, 0.25), abs=0.02)
    third = editor.handles[2]
    third.setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Up):
        QTest.keyClick(third, key)
    assert editor.corners[2] == pytest.approx((0.89, 0.88))
    assert third.accessibleName() == "Góc dưới bên phải"
    assert min(third.width(), third.height()) >= kiosk.look.theme.mm(20)


def test_a_frame_that_crosses_itself_cannot_be_cut(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk(devices=[CAMERA])
    editor = to_corners(kiosk, qtbot)
    editor.move_corner(0, 0.95, 0.95)
    qtbot.wait(1)
    assert not button(kiosk.shell, "Cắt theo khung này").isEnabled()
    kiosk.tap("Trở về như cũ")
    assert button(kiosk.shell, "Cắt theo khung này").isEnabled()
    kiosk.tap("Lấy cả ảnh")
    assert editor.corners == [(0, 0), (1, 0), (1, 1), (0, 1)]
    kiosk.tap("Quay lại")
    assert kiosk.flow.scan.desk.phase is Phase.LOOK


def test_a_flatbed_page_without_an_edge_is_no_question(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk(devices=[SCANNER])
    to_place(kiosk, qtbot)
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is Phase.LOOK)
    kiosk.tap("Chỉnh mép giấy")
    assert kiosk.flow.scan.desk.phase is Phase.CORNERS


def test_what_is_wrong_is_framed_on_the_clean_picture_and_may_be_heard(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    kiosk.scan.verdicts = [("blurred",)]
    scanned(kiosk, qtbot, 0)
    desk = kiosk.flow.scan.desk
    plain = [box.picture.toImage() for box in kiosk.shell.findChildren(PictureBox)]
    page = replace(desk.page, places={"blurred": ((0.6, 0.7, 0.3, 0.2),)})
    desk.came(page)
    kiosk.flow.scan.redraw()
    shown = [box.picture.toImage() for box in kiosk.shell.findChildren(PictureBox) if box.isVisible()]
    assert shown[0] == plain[0] and shown[1] != plain[1]  # the raw picture may lie otherwise
    clean, red = shown[1], QColor(kiosk.look.theme.colours.danger)
    y = round(0.8 * clean.height())
    inked = [x for x in range(clean.width()) if clean.pixelColor(x, y) == red]
    assert inked[0] / clean.width() == pytest.approx(0.6, abs=0.06)
    assert inked[-1] / clean.width() == pytest.approx(0.9, abs=0.06)
    words = kiosk.say("scan.verdict_at.blurred", where=kiosk.say("scan.where.bottom_right"))
    [said] = [one for one in kiosk.shell.findChildren(Text) if one.text() == words and one.isVisible()]
    assert said.told == (words,)


def test_where_one_more_paper_may_lie_is_framed_on_the_picture_as_it_came(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    kiosk.scan.verdicts = [("another",)]
    scanned(kiosk, qtbot, 0)
    desk = kiosk.flow.scan.desk
    plain = [box.picture.toImage() for box in kiosk.shell.findChildren(PictureBox)]
    desk.came(replace(desk.page, places={"another": ((0.6, 0.7, 0.3, 0.2),)}))
    kiosk.flow.scan.redraw()
    shown = [box.picture.toImage() for box in kiosk.shell.findChildren(PictureBox) if box.isVisible()]
    assert shown[0] != plain[0] and shown[1] == plain[1]
    words = kiosk.say("scan.verdict_at.another", where=kiosk.say("scan.where.bottom_right"))
    assert words in texts(kiosk.shell)


def test_a_white_page_ends_somewhere_on_a_white_screen(qapp) -> None:
    white = QPixmap(60, 80)
    white.fill(QColor("white"))
    image = edged(white).toImage()
    rim = [image.pixelColor(*at).lightness() for at in ((0, 40), (59, 40), (30, 0), (30, 79))]
    assert max(rim) < 160
    assert image.pixelColor(30, 40) == QColor("white")
    assert white.toImage().pixelColor(0, 40) == QColor("white")  # the page itself is left as it is


def test_a_picture_opens_large_and_closes(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    scanned(kiosk, qtbot, 0)
    before, _after = kiosk.shell.findChildren(PictureBox)
    QTest.mouseClick(before, Qt.MouseButton.LeftButton)
    settle()
    assert "Trước khi làm rõ" in texts(kiosk.shell)
    sheet = kiosk.shell.findChild(Sheet)
    assert sheet.width() > 900
    assert not button(kiosk.shell, "Thu nhỏ trang").isEnabled()
    kiosk.tap("Phóng to trang")
    assert kiosk.shell.findChild(Sheet).width() > 1.2 * 900
    kiosk.look.speak("en")
    settle()
    assert kiosk.flow.scan.desk.close_zoom == ZOOM_STEP
    kiosk.look.speak("vi")
    settle()
    kiosk.tap("Thu nhỏ trang")
    kiosk.tap("Xem xong")
    assert "Trang này rõ chưa? Trang 1" in texts(kiosk.shell)
    kiosk.tap("Sau khi làm rõ")
    assert kiosk.flow.scan.desk.close_side is Side.AFTER
    kiosk.tap("Quay lại")
    assert kiosk.flow.scan.desk.phase is Phase.LOOK and ids(kiosk) == ["page-1"]
