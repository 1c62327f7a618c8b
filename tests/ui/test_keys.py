"""Keys that would lead out of the kiosk are swallowed; typing and editing are not."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from ui.keys import KeyGuard, leads_out

K, M = Qt.Key, Qt.KeyboardModifier
OUT = [
    (K.Key_F4, M.AltModifier, ""),
    (K.Key_Tab, M.AltModifier, ""),
    (K.Key_F11, M.NoModifier, ""),
    (K.Key_F1, M.NoModifier, ""),
    (K.Key_F12, M.NoModifier, ""),
    (K.Key_Escape, M.NoModifier, ""),
    (K.Key_W, M.ControlModifier, ""),
    (K.Key_Q, M.ControlModifier, ""),
    (K.Key_P, M.ControlModifier, ""),
    (K.Key_I, M.ControlModifier | M.ShiftModifier, ""),
    (K.Key_Meta, M.NoModifier, ""),
    (K.Key_L, M.MetaModifier, "l"),
    (K.Key_Print, M.NoModifier, ""),
    (K.Key_Menu, M.NoModifier, ""),
    (K.Key_Left, M.AltModifier, ""),
    (K.Key_Delete, M.ControlModifier | M.AltModifier, ""),
    (K.Key_T, M.ControlModifier | M.AltModifier, ""),
]
IN = [
    (K.Key_A, M.NoModifier, "a"),
    (K.Key_A, M.ShiftModifier, "A"),
    (K.Key_C, M.ControlModifier, ""),
    (K.Key_V, M.ControlModifier, ""),
    (K.Key_Tab, M.NoModifier, "\t"),
    (K.Key_Backtab, M.ShiftModifier, ""),
    (K.Key_Return, M.NoModifier, "\r"),
    (K.Key_Backspace, M.NoModifier, "\b"),
    (K.Key_Left, M.NoModifier, ""),
    (K.Key_E, M.ControlModifier | M.AltModifier, "€"),
]


def key(code, held, text) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, code, held, text)


@pytest.mark.parametrize("press", OUT, ids=str)
def test_leads_out(press) -> None:
    assert leads_out(key(*press))


@pytest.mark.parametrize("press", IN, ids=str)
def test_stays(press) -> None:
    assert not leads_out(key(*press))


def test_the_guard_swallows_and_notes_the_keyboard(make_kiosk) -> None:
    kiosk = make_kiosk()
    guard = KeyGuard(kiosk.look)
    assert guard.eventFilter(kiosk.shell, key(K.Key_F4, M.AltModifier, ""))
    assert not kiosk.look.by_keyboard
    assert not guard.eventFilter(kiosk.shell, key(K.Key_Tab, M.NoModifier, "\t"))
    assert kiosk.look.by_keyboard


def test_the_whole_choice_can_be_made_by_keyboard(make_kiosk, qtbot) -> None:
    from PySide6.QtTest import QTest

    from kioskcore.visit import State

    kiosk = make_kiosk()
    kiosk.tap("Chạm để bắt đầu")
    seen = set()
    for _ in range(30):
        QTest.keyClick(kiosk.shell, K.Key_Tab)
        widget = kiosk.shell.focusWidget()
        seen.add(widget.accessibleName() if widget else "")
    assert {"Quay lại", "Xóa ngay", "Tôi cần giúp", "English", "Sinh con"} <= seen
    assert kiosk.visit.state is State.CHOOSE
