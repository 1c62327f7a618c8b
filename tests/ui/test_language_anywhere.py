"""Another language in the midst of anything: the place, what runs, and what was typed or ticked stay."""

from pathlib import Path

import pytest
from house import button, rule_faults, texts
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from test_scan_live import PHONE, to_live
from test_scan_screen import to_place
from test_visit import to_guide, to_portal, to_scan

from kioskcore.ports import Preview
from kioskcore.visit import State
from portal.webview.asking import DialogKind, DialogRequest, PickRequest, UploadRequest
from ui.gallery import settle
from ui.keyboard.layouts import Act
from ui.samples import sample_code, sample_paper
from ui.scan_desk import Phase
from ui.scan_papers import Wanted
from ui.screens.page_asks import PageAsks
from ui.screens.pickers import Pickers
from ui.widgets.live import LivePicture


def english(kiosk) -> None:
    """A finger on the glass where the button lies: what covers it would get the touch."""
    settle()
    found = button(kiosk.shell, "English")
    spot = found.mapTo(kiosk.shell, found.rect().center())
    QTest.mouseClick(kiosk.shell.windowHandle(), Qt.MouseButton.LeftButton, pos=spot)
    settle()
    assert kiosk.visit.language == "en" and rule_faults(kiosk.shell) == []


def wake(kiosk, qtbot) -> None:
    kiosk.shell.activateWindow()
    qtbot.waitUntil(kiosk.shell.isActiveWindow)


def write(kiosk, text: str) -> None:
    for letter in text:
        QTest.keyClick(kiosk.shell.windowHandle(), letter)


def test_while_the_scanner_works(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    kiosk.scan.hold.clear()
    to_scan(kiosk, qtbot)
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.fraction > 0)
    english(kiosk)
    assert "Scanning" in texts(kiosk.shell)
    assert kiosk.flow.scan.desk.phase is Phase.BUSY and kiosk.flow.scan._view._bar.value() == 30
    kiosk.scan.hold.set()
    qtbot.waitUntil(lambda: any("Is this page clear?" in text for text in texts(kiosk.shell)))
    assert len(kiosk.scan.jobs) == 1 and len(kiosk.flow.scan.desk.current.pages) == 1


def test_while_the_telephone_sends(make_kiosk, qtbot, tmp_path: Path) -> None:
    kiosk = make_kiosk([1], devices=[PHONE])
    to_live(kiosk, qtbot, Preview(sample_code(tmp_path / "code.png"), "phone_open", "http://192.0.2.1/x", 0))
    kiosk.flow.events.page(kiosk.scan._page(9))
    qtbot.waitUntil(lambda: len(kiosk.flow.scan._view._pages) == 1)
    code = next(p for p in kiosk.shell.findChildren(LivePicture) if p.isVisible()).image
    english(kiosk)
    live = next(p for p in kiosk.shell.findChildren(LivePicture) if p.isVisible())
    assert live.image == code and len(kiosk.flow.scan._view._pages) == 1
    assert kiosk.say("scan.hint.phone_open") in texts(kiosk.shell)


def test_while_corners_are_moved(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    to_place(kiosk, qtbot)
    kiosk.tap("Quét")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is Phase.LOOK)
    kiosk.tap("Chỉnh mép giấy")
    kiosk.flow.scan._corners.move_corner(0, 0.25, 0.3)
    english(kiosk)
    assert kiosk.flow.scan._corners.corners[0] == (0.25, 0.3)
    kiosk.tap("Back")
    kiosk.tap("Set the edges")
    assert kiosk.flow.scan._corners.corners[0] != (0.25, 0.3)  # not taken, so not kept


def test_while_a_word_is_typed_on_the_keyboard(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    kiosk.shell.resize(1080, 1920)  # where header and keyboard both have room
    settle()
    kiosk.tap("Chạm để bắt đầu")
    kiosk.tap("Tìm việc khác")
    wake(kiosk, qtbot)
    keyboard = kiosk.flow._keyboard
    qtbot.waitUntil(keyboard.isVisible)
    box = kiosk.flow.choose.findChild(QLineEdit)
    write(kiosk, "khai si")
    english(kiosk)
    qtbot.waitUntil(keyboard.isVisible)
    box = kiosk.flow.choose.findChildren(QLineEdit)[-1]
    assert box.text() == "khai si" and box.hasFocus()
    write(kiosk, "nh")
    assert box.text() == "khai sinh" and keyboard.board.accessibleName() == kiosk.say("keyboard.name")


def test_on_a_low_screen_the_keyboard_is_put_away_first_and_the_word_stays(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    kiosk.tap("Chạm để bắt đầu")
    kiosk.tap("Tìm việc khác")
    wake(kiosk, qtbot)
    keyboard = kiosk.flow._keyboard
    qtbot.waitUntil(keyboard.isVisible)
    write(kiosk, "khai")
    keyboard.board.acted.emit(Act.HIDE)
    english(kiosk)
    qtbot.wait(400)
    assert not keyboard.isVisible()
    assert kiosk.flow.choose.findChildren(QLineEdit)[-1].text() == "khai"


def with_two_papers(kiosk) -> list[str]:
    titles = ["Giấy ủy quyền", "Giấy khác 1"]
    for key, title in zip(("a", "b"), titles, strict=True):
        paper = sample_paper(kiosk.scan.folder, key, title, 1)
        kiosk.flow.scan.desk.wanted.append(Wanted(key, title, paper=paper))
    return titles


def test_in_the_upload_chooser(make_kiosk, qtbot) -> None:
    """The page waits for the answer all the while."""
    kiosk = make_kiosk()
    to_portal(kiosk)
    first, _ = with_two_papers(kiosk)
    seen: list[bool] = []

    def person() -> None:
        kiosk.tap(first)
        english(kiosk)
        seen.append(button(kiosk.shell, first).isChecked())
        kiosk.tap("Send the chosen papers")

    QTimer.singleShot(50, person)
    files = kiosk.browser.chooser(UploadRequest((".pdf",), True))
    assert seen == [True] and [file.name for file in files] == ["a.png"]
    assert kiosk.visit.state is State.PORTAL


def test_in_a_question_of_the_page_with_a_half_typed_answer(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    card, typed = PageAsks(kiosk.look, kiosk.shell).open(DialogRequest(DialogKind.PROMPT, "Tên xã?", ""))
    card.findChild(QLineEdit).setFocus()
    wake(kiosk, qtbot)
    qtbot.waitUntil(kiosk.flow._keyboard.isVisible)
    settle()
    assert card.geometry().bottom() < kiosk.flow._keyboard.geometry().top()  # the keys can be reached
    write(kiosk, "Xa Tha")
    kiosk.flow._keyboard.hide()
    english(kiosk)
    line = card.findChildren(QLineEdit)[-1]
    assert line.text() == "Xa Tha" and line.hasFocus()
    write(kiosk, "nh")
    assert typed() == "Xa Thanh"
    kiosk.tap("Agree")
    assert card.answer is True


def test_beside_the_page_and_in_questions(make_kiosk, qtbot) -> None:
    """The guidance speaks it at once; a date is half typed; our own questions stay open."""
    kiosk = make_kiosk()
    wake(kiosk, qtbot)
    to_portal(kiosk)
    kiosk.tap("Việc sau")
    before = kiosk.flow.portal.steps[1].text
    english(kiosk)
    after = kiosk.flow.portal.steps[1].text
    assert after != before and after in texts(kiosk.shell) and before not in texts(kiosk.shell)
    kiosk.tap("Tiếng Việt")
    Pickers(kiosk.look, kiosk.shell).open(PickRequest("date", ""))
    for digit in "3102":
        kiosk.tap(digit)
    kiosk.tap("Xong")
    english(kiosk)
    assert "31/02/____" in texts(kiosk.shell) and kiosk.say("ui.pick.date.wrong") in texts(kiosk.shell)
    kiosk.tap("Never mind")
    for asked in ("ui.help.say", "ui.leave.say"):
        kiosk.tap("Tiếng Việt")
        kiosk.tap(kiosk.say(asked))
        (card,) = kiosk.shell.overlays()
        english(kiosk)
        assert kiosk.shell.overlays() == [card]
        assert texts(card) and not [text for text in texts(card) if "bác" in text.lower()]
        assert card.isAncestorOf(QApplication.focusWidget())
        card.close_with()
    assert kiosk.count.names().count("help") == 1  # it was opened once


def test_the_names_of_papers_change_at_once(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    to_scan(kiosk, qtbot)
    before = kiosk.flow.scan.desk.current.title
    english(kiosk)
    after = kiosk.flow.scan.desk.current.title
    assert after != before and any(after in text for text in texts(kiosk.shell))


def test_a_long_page_stays_where_it_was_moved_to(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_guide(kiosk)
    kiosk.tap("Còn nữa")
    moved = kiosk.flow.guide.pages.moved
    assert moved > 0.1
    english(kiosk)
    assert kiosk.flow.guide.pages.moved == pytest.approx(moved, abs=0.08)
    kiosk.tap("Go on")
    assert kiosk.flow.guide.pages.moved == 0  # another page begins at its top
