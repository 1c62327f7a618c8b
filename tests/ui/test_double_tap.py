"""Two taps in quick succession are one: the second must not choose on the page that the first one opened."""

from house import button, texts
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from kioskcore.visit import State
from ui.gallery import settle
from ui.rehearsal import eyes
from ui.veil import VEIL_MS
from ui.widgets.buttons import ActionButton


def press(kiosk, spot: QPoint) -> None:
    """As a finger does: the window finds out whom it meets."""
    QTest.mouseClick(kiosk.shell.windowHandle(), Qt.MouseButton.LeftButton, pos=spot)
    settle()


def middle(kiosk, which: ActionButton) -> QPoint:
    return which.mapTo(kiosk.shell, which.rect().center())


def first_tile(kiosk) -> ActionButton:
    return next(b for b in kiosk.shell.findChildren(ActionButton) if b.isVisible() and b.kind == "choice")


def test_a_double_tap_on_a_tile_opens_one_page(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    kiosk.tap("Chạm để bắt đầu")
    qtbot.wait(VEIL_MS + 100)
    spot = middle(kiosk, first_tile(kiosk))
    before = texts(kiosk.shell)
    QTest.mouseClick(kiosk.shell.windowHandle(), Qt.MouseButton.LeftButton, pos=spot)
    press(kiosk, spot)
    opened = texts(kiosk.shell)
    assert opened != before
    assert kiosk.visit.state is State.CHOOSE
    qtbot.wait(VEIL_MS + 100)
    press(kiosk, spot)
    assert texts(kiosk.shell) != opened


def test_a_double_tap_on_go_on_skips_no_page(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    kiosk.tap("Chạm để bắt đầu")
    kiosk.flow.choose.picked.emit("1.004194")
    qtbot.wait(VEIL_MS + 100)
    spot = middle(kiosk, button(kiosk.shell, "Đi tiếp"))
    press(kiosk, spot)
    assert "Bước 2 trong 5: Cần mang những gì?" in texts(kiosk.shell)
    press(kiosk, spot)
    assert "Bước 2 trong 5: Cần mang những gì?" in texts(kiosk.shell)


def test_ticks_may_follow_each_other_at_once(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    kiosk.tap("Chạm để bắt đầu")
    kiosk.flow.choose.picked.emit("1.004194")
    kiosk.tap("Đi tiếp")
    qtbot.wait(VEIL_MS + 100)
    papers = [paper.title for paper in kiosk.flow.guide.guide.papers][:2]
    for title in papers:
        press(kiosk, middle(kiosk, button(kiosk.shell, title)))
    assert all(button(kiosk.shell, title).isChecked() for title in papers)


def test_the_web_page_takes_taps_at_once_and_its_side_does_not(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.go_to_portal()
    page = kiosk.browser
    assert kiosk.shell.childAt(page.mapTo(kiosk.shell, page.rect().center())) is page
    aside = eyes.find("Quét thêm giấy")
    assert aside is not None and eyes.reachable(aside) == "COVERED"
