"""The whole kiosk without touch: Tab reaches everything in reading order and is caught nowhere."""

import pytest
from house import button, top_of
from house_order import seen_order
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from shiboken6 import isValid

from kioskcore.visit import State
from ui.gallery import SHAPES, Shape, Stage, settle
from ui.keyboard.keyboard import Keyboard
from ui.keys import KeyGuard
from ui.shell import Shell
from ui.theme import TextSize
from ui.widgets.buttons import ActionButton


@pytest.fixture
def stage(stage_at):
    """By its shot, as for who has keys of his own: the painted ones are away, which move the page."""

    def go(shot: str, shape: Shape = SHAPES[0]) -> Stage:
        made = stage_at(shot, shape)
        guard = KeyGuard(made.look, made.shell)
        guard.escaped.connect(made.shell.escape)
        made.shell.watch_input(guard)
        made.shell.activateWindow()
        for keyboard in made.shell.findChildren(Keyboard):
            keyboard.set_enabled(False)
        settle(made)
        return made

    return go


def press(key: Qt.Key) -> None:
    window = QApplication.activeWindow()
    assert window is not None
    QTest.keyClick(window.windowHandle(), key)
    settle()


def controls(shell: Shell) -> set[QWidget]:
    """Everything that can be pressed or filled in now."""
    root = top_of(shell)
    found = [*root.findChildren(ActionButton), *root.findChildren(QLineEdit)]
    return {widget for widget in found if widget.isVisible() and widget.isEnabled()}


def round_by_tab(limit: int = 60) -> list[QWidget]:
    """Where the focus goes, from where it is until it has been there before."""
    seen: list[QWidget] = []
    for _ in range(limit):
        press(Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        if now is None or now in seen:
            break
        seen.append(now)
    return seen


@pytest.mark.parametrize(
    ("shot", "shape"),
    [
        ("02-choose", SHAPES[0]),
        ("02-choose", SHAPES[1]),
        ("06-guide-ready", SHAPES[0]),
        ("16-portal", SHAPES[1]),
        ("19-portal-find", SHAPES[0]),
        ("33-scan-corners", SHAPES[0]),
        ("26-help", SHAPES[0]),
    ],
)
def test_real_tabs_reach_everything_in_the_order_of_the_eye(stage, shot: str, shape: Shape) -> None:
    """The house rules hold the order of every screen; here real keys go round where they could be caught."""
    shown = stage(shot, shape)
    shell, movers = shown.shell, {shown.look.say(f"ui.scroll.{way}") for way in ("up", "down")}
    by_eye = [w for w in seen_order(top_of(shell)) if w in controls(shell)]
    by_eye = [w for w in by_eye if w.accessibleName() not in movers]  # Tab itself moves the page to its end
    stops = [w for w in round_by_tab() if isValid(w) and w in by_eye]
    first = by_eye.index(stops[0])
    assert stops == by_eye[first:] + by_eye[:first]


def test_enter_and_space_press(stage) -> None:
    shown = stage("01-waiting")
    button(shown.shell, shown.look.say("ui.waiting.begin")).setFocus()
    press(Qt.Key.Key_Return)
    assert shown.visit.state is State.CHOOSE
    tile = next(b for b in shown.shell.findChildren(ActionButton) if b.isVisible() and b.kind == "choice")
    tile.setFocus()
    press(Qt.Key.Key_Space)
    assert shown.flow.choose.page_now() != (False, None, 0)


def test_a_new_page_begins_at_its_heading(stage) -> None:
    shown = stage("04-guide-about")
    button(shown.shell, shown.look.say("ui.go_on")).setFocus()
    press(Qt.Key.Key_Return)
    heading = QApplication.focusWidget()
    assert isinstance(heading, QLabel) and heading.text() == shown.flow.guide.heading()


def test_what_is_drawn_anew_keeps_the_focus_and_the_ring(stage) -> None:
    shown = stage("06-guide-ready")
    for name in (shown.look.say("ui.text_size"), shown.look.say("ui.contrast")):
        while QApplication.focusWidget() is None or QApplication.focusWidget().accessibleName() != name:
            press(Qt.Key.Key_Tab)
        press(Qt.Key.Key_Space)
        now = QApplication.focusWidget()
        assert isinstance(now, ActionButton) and now.accessibleName() == name and now._ring
    question = next(
        b
        for b in shown.shell.findChildren(ActionButton)
        if b.isVisible() and b.accessibleName().startswith(f"{shown.look.say('ui.no')}. ")
    )
    name = question.accessibleName()
    question.setFocus()
    press(Qt.Key.Key_Space)
    assert QApplication.focusWidget().accessibleName() == name


def ring() -> str:
    """The name of the button that has the focus and shows it."""
    now = QApplication.focusWidget()
    assert isinstance(now, ActionButton) and now._ring
    return now.accessibleName()


@pytest.mark.parametrize(
    ("opens", "safe"), [("ui.leave.say", "ui.leave.no"), ("ui.help.say", "ui.help.close")]
)
def test_a_question_shows_the_ring_and_gives_the_focus_back(stage, opens: str, safe: str) -> None:
    shown = stage("06-guide-ready")
    say, shell = shown.look.say, shown.shell
    for answer in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        press(Qt.Key.Key_Tab)
        button(shell, say(opens)).setFocus(Qt.FocusReason.TabFocusReason)
        press(Qt.Key.Key_Return)
        assert ring() == say(safe)
        press(answer)
        assert not shell.overlays()
        assert ring() == say(opens)
    assert shown.visit.state is State.GUIDE


def test_escape_never_agrees(stage) -> None:
    shown, agreed = stage("06-guide-ready"), []
    shown.shell.ask("ui.portal.sure", lambda: agreed.append(True))
    settle(shown)
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Escape)
    assert not shown.shell.overlays() and not agreed
    press(Qt.Key.Key_Escape)
    assert shown.visit.state is State.GUIDE


def test_a_question_drawn_in_another_language_gives_the_focus_back_too(stage) -> None:
    shown = stage("06-guide-ready")
    press(Qt.Key.Key_Tab)
    button(shown.shell, shown.look.say("ui.help.say")).setFocus(Qt.FocusReason.TabFocusReason)
    press(Qt.Key.Key_Return)
    shown.look.speak("en")
    settle(shown)
    press(Qt.Key.Key_Escape)
    assert ring() == shown.look.say("ui.help.say")


def test_after_the_idle_warning_the_focus_is_where_it_was(stage) -> None:
    shown = stage("06-guide-ready")
    press(Qt.Key.Key_Tab)
    button(shown.shell, shown.look.say("ui.help.say")).setFocus(Qt.FocusReason.TabFocusReason)
    before = ring()
    shown.shell.warn_idle(42)
    settle(shown)
    assert ring() == shown.look.say("ui.idle.stay")
    shown.shell.stay()
    settle(shown)
    assert ring() == before


def test_the_mover_that_came_to_the_end_hands_the_focus_to_the_other(stage) -> None:
    shown = stage("07-guide-steps")
    down, up = (shown.look.say(f"ui.scroll.{way}") for way in ("down", "up"))
    button(shown.shell, down).setFocus()
    for _ in range(20):
        if QApplication.focusWidget().accessibleName() != down:
            break
        press(Qt.Key.Key_Space)
    assert QApplication.focusWidget().accessibleName() == up


@pytest.mark.parametrize("shape", SHAPES[:2])
def test_tab_begins_at_the_heading_however_the_screen_is_drawn(stage, shape: Shape) -> None:
    shown = stage("01-waiting", shape)
    for size in (TextSize.NORMAL, TextSize.HUGE):
        if size is not shown.look.theme.text_size:
            shown.dress(SHAPES[1 - SHAPES.index(shape)], size, "vi")
            settle(shown)
        assert isinstance(now := QApplication.focusWidget(), QLabel)
        assert now.text() == shown.look.say("ui.waiting.hello")
    names = [widget.accessibleName() for widget in round_by_tab()]
    assert names[0] == "Nghe"
    begin, more = (shown.look.say(key) for key in ("ui.waiting.begin", "ui.scroll.down"))
    assert names.index(begin) < names.index(more)
