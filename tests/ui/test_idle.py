"""Nobody there: warning, countdown, end; and every sign of life."""

import pytest
from house import button, texts
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from test_sound import hearing

from kioskcore.config import Idle
from kioskcore.visit import Event, State
from ui.gallery import settle
from ui.idle import IdleWatch
from ui.veil import VEIL_MS
from ui.widgets.buttons import ActionButton


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch(qapp):
    clock = Clock()
    made = IdleWatch(60, now=clock)
    made.clock = clock
    made.said, made.ends = [], []
    made.warn.connect(made.said.append)
    made.gone.connect(lambda: made.ends.append(True))
    made.watch(120)
    yield made
    made.rest()


def at(watch, seconds: float) -> None:
    watch.clock.now = seconds
    watch.look()


def test_quiet_warns_then_ends(watch) -> None:
    at(watch, 119)
    assert watch.said == []
    at(watch, 120)
    at(watch, 121)
    at(watch, 150)
    assert watch.said == [60, 59, 30]
    assert not watch.ends
    at(watch, 180)
    assert watch.ends == [True]


def test_staying_starts_anew_as_often_as_one_likes(watch) -> None:
    for round_ in range(15):
        at(watch, round_ * 130 + 125)
        assert watch.warning
        watch.stay()
        assert not watch.warning
    assert not watch.ends


@pytest.mark.parametrize("kind", ["key", "mouse"])
def test_signs_of_life(watch, kind: str) -> None:
    watch.clock.now = 100
    if kind == "key":
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
    else:
        event = QMouseEvent(
            QEvent.Type.MouseButtonPress,
            QPointF(1, 1),
            QPointF(1, 1),
            Qt.MouseButton.LeftButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    assert not watch.eventFilter(watch, event)
    at(watch, 200)
    assert watch.said == []


def test_a_sleeve_on_the_screen_does_not_keep_the_papers_open(watch) -> None:
    at(watch, 130)
    watch.stir()
    at(watch, 180)
    assert watch.ends


def be_quiet(kiosk, seconds: float) -> None:
    """Nobody touches anything for so long."""
    kiosk.flow.idle._last -= seconds
    kiosk.flow.idle.look()


def test_the_warning_shows_and_goes(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk(idle=Idle(menu_seconds=5, form_seconds=5, warning_seconds=3))
    kiosk.tap("Chạm để bắt đầu")
    be_quiet(kiosk, 6)
    settle()
    assert kiosk.flow.idle.warning
    kiosk.tap("Tôi vẫn ở đây")
    assert not kiosk.shell.overlays()
    assert not kiosk.flow.idle.warning
    assert kiosk.visit.state is State.CHOOSE


@pytest.mark.parametrize("by", ["beside", "key", "on the button"])
def test_any_touch_or_key_answers_the_warning_and_does_nothing_else(make_kiosk, qtbot, by: str) -> None:
    kiosk = make_kiosk()
    kiosk.shell.watch_input(kiosk.flow.idle)
    kiosk.tap("Chạm để bắt đầu")
    tile = next(b for b in kiosk.shell.findChildren(ActionButton) if b.isVisible() and b.kind == "choice")
    beside = tile.mapTo(kiosk.shell, QPoint(9, 9))
    qtbot.wait(VEIL_MS + 100)
    shown = texts(kiosk.shell)
    be_quiet(kiosk, 121)
    settle()
    assert "Bác còn ở đây không?" in texts(kiosk.shell)
    window = kiosk.shell.windowHandle()
    if by == "key":
        QTest.keyClick(window, Qt.Key.Key_Space)
    else:
        stay = button(kiosk.shell, "Tôi vẫn ở đây")
        spot = beside if by == "beside" else stay.mapTo(kiosk.shell, stay.rect().center())
        QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=spot)
        QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=beside)  # a trembling hand's second tap
    settle()
    assert not kiosk.shell.overlays()
    assert texts(kiosk.shell) == shown
    assert kiosk.visit.state is State.CHOOSE
    kiosk.flow.idle.look()
    assert not kiosk.flow.idle.warning
    qtbot.wait(VEIL_MS + 100)
    QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=beside)
    settle()
    assert texts(kiosk.shell) != shown


def test_the_warning_may_be_answered_again_and_again_and_says_so_aloud(make_kiosk) -> None:
    kiosk = make_kiosk()
    mouth = hearing(kiosk)
    kiosk.tap("Chạm để bắt đầu")
    for _ in range(12):
        mouth.said.clear()
        be_quiet(kiosk, 121)
        settle()
        assert mouth.said == ["vi: Bác còn ở đây không?"]
        kiosk.tap("Tôi vẫn ở đây")
        assert kiosk.visit.state is State.CHOOSE and not kiosk.shell.overlays()


def test_nobody_there_ends_the_visit(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.tap("Chạm để bắt đầu")
    be_quiet(kiosk, 120)
    be_quiet(kiosk, 60)
    settle()
    assert kiosk.visit.end_reason is Event.IDLE
    assert "ended_by:idle" in kiosk.count.names()
    assert not kiosk.shell.overlays()


def test_forms_have_more_patience_than_menus(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.tap("Chạm để bắt đầu")
    assert kiosk.flow.idle._quiet == 120
    kiosk.flow.choose.picked.emit("1.004194")
    kiosk.flow.fire(Event.TO_PORTAL)
    assert kiosk.flow.idle._quiet == 180


def test_the_window_tells_the_watch(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.shell.watch_input(kiosk.flow.idle)
    kiosk.tap("Chạm để bắt đầu")
    kiosk.flow.idle._last -= 100
    before = kiosk.flow.idle._last
    QTest.keyClick(kiosk.shell.windowHandle(), Qt.Key.Key_A)
    assert kiosk.flow.idle._last > before


def test_who_calls_for_help_has_time_for_the_call(make_kiosk) -> None:
    kiosk = make_kiosk(idle=Idle(menu_seconds=120, help_seconds=600))
    kiosk.tap("Chạm để bắt đầu")
    kiosk.tap("Tôi cần giúp")
    be_quiet(kiosk, 599)
    assert not kiosk.flow.idle.warning
    be_quiet(kiosk, 2)
    settle()
    assert kiosk.flow.idle.warning
    kiosk.tap("Tôi vẫn ở đây")
    kiosk.look.speak("en")
    kiosk.look.speak("vi")
    settle()
    be_quiet(kiosk, 599)
    assert not kiosk.flow.idle.warning
    kiosk.tap("Tôi làm tiếp")
    be_quiet(kiosk, 121)
    assert kiosk.flow.idle.warning


def test_help_never_shortens_the_quiet_time(make_kiosk) -> None:
    kiosk = make_kiosk(idle=Idle(menu_seconds=120, help_seconds=60))
    kiosk.tap("Chạm để bắt đầu")
    kiosk.tap("Tôi cần giúp")
    be_quiet(kiosk, 119)
    assert not kiosk.flow.idle.warning
