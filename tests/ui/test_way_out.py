"""Whatever a page asks, the visit can be ended; and what is said of the end is so."""

from collections.abc import Callable
from pathlib import Path

import pytest
from house import button, texts
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtTest import QTest

from kioskcore.visit import Event, State
from portal.webview.asking import DialogAnswer, DialogKind, DialogRequest, PickRequest, UploadRequest
from ui.gallery import settle
from ui.screens.page_asks import PageAsks
from ui.theme import TextSize

ASKS: dict[str, tuple[Callable, object]] = {
    "confirm": (
        lambda browser: browser.dialog_handler(DialogRequest(DialogKind.CONFIRM, "Nộp chứ?")),
        DialogAnswer(accepted=False),
    ),
    "chooser": (lambda browser: browser.chooser(UploadRequest((".pdf",), False)), []),
    "picker": (lambda browser: browser.picker(PickRequest("date", "")), None),
}


def touch(kiosk, text: str) -> None:
    """By its place, so that a card that lies over the button takes the touch."""
    settle()
    QTest.qWait(450)  # a double tap's second half is swallowed so long
    found = button(kiosk.shell, text)
    place = found.mapTo(kiosk.shell, QPoint(found.width() // 2, found.height() // 2))
    QTest.mouseClick(kiosk.shell.windowHandle(), Qt.MouseButton.LeftButton, pos=place)
    settle()


def answer(kiosk, asks: Callable, act: Callable[[], None]) -> object:
    """What the page is told after `act`; one that still stands then is closed."""

    def go() -> None:
        try:
            act()
        finally:
            stood.append(kiosk.visit.state is State.PORTAL and bool(kiosk.shell.overlays()))
            kiosk.shell.close_overlays()

    stood: list[bool] = []
    QTimer.singleShot(0, go)
    told = asks(kiosk.browser)
    assert stood == [False]
    return told


@pytest.mark.timeout(30)
@pytest.mark.parametrize("ask", ASKS)
def test_the_visit_ends_over_whatever_the_page_asks(make_kiosk, ask: str) -> None:
    kiosk = make_kiosk()
    kiosk.go_to_portal()
    asks, nothing = ASKS[ask]

    seen: list[object] = []

    def leave() -> None:
        settle()
        seen.append(button(kiosk.shell, "Tôi đã nộp xong").isEnabled())
        touch(kiosk, "Xóa ngay")
        seen.append(len(kiosk.shell.overlays()))
        touch(kiosk, "Xóa hết")

    assert answer(kiosk, asks, leave) == nothing and seen == [False, 2]
    assert kiosk.visit.state is State.ENDING and not kiosk.shell.overlays()


@pytest.mark.parametrize("shape", [(1024, 600), (800, 600)])
@pytest.mark.parametrize("size", TextSize)
def test_a_question_leaves_the_way_out_open_on_a_low_screen(make_kiosk, shape: tuple, size: TextSize) -> None:
    kiosk = make_kiosk()
    kiosk.go_to_portal()
    kiosk.look.set_text_size(size)
    kiosk.shell.resize(*shape)
    settle()
    card, _ = PageAsks(kiosk.look, kiosk.shell).open(DialogRequest(DialogKind.CONFIRM, "Nộp chứ?"))
    settle()
    leave = button(kiosk.shell, "Xóa ngay")
    assert not card.geometry().intersects(QRect(leave.mapTo(kiosk.shell, QPoint()), leave.size()))
    assert card._pages.height() >= kiosk.look.theme.mm(20)


@pytest.mark.timeout(30)
@pytest.mark.parametrize("ask", ASKS)
def test_back_answers_a_pages_question_with_no(make_kiosk, ask: str) -> None:
    kiosk = make_kiosk()
    kiosk.go_to_portal()
    asks, nothing = ASKS[ask]
    assert answer(kiosk, asks, lambda: touch(kiosk, "Quay lại")) == nothing
    settle()
    assert kiosk.visit.state is State.PORTAL and button(kiosk.shell, "Tôi đã nộp xong").isEnabled()


def test_help_is_called_over_a_papers_print_sheet(make_kiosk, tmp_path: Path) -> None:
    from ui.quiet import DryPrinter

    kiosk = make_kiosk(printer=DryPrinter(tmp_path))
    kiosk.go_to_portal()
    kiosk.flow.portal.print_asked.emit(tmp_path / "x.pdf", 1, 1)
    touch(kiosk, "Tôi cần giúp")
    assert kiosk.say("ui.help.title") in texts(kiosk.shell.overlays()[-1])


def test_deleting_is_said_when_the_keeper_does_it(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.go_to_portal()
    kiosk.browser.leaves = False  # a site that does not answer the log-out
    ended: list[str] = []
    kiosk.flow.ended.connect(ended.append)
    kiosk.flow.fire(Event.LEAVE)
    settle()
    assert kiosk.say("ui.ending.leaving") in texts(kiosk.shell)
    assert kiosk.say("ui.ending.deleting") not in texts(kiosk.shell) and ended == []
    kiosk.browser.left()
    settle()
    assert kiosk.say("ui.ending.deleting") in texts(kiosk.shell) and ended == ["leave"]
