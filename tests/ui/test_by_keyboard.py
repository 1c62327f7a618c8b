"""The whole kiosk without touch: Tab reaches everything in reading order and is caught nowhere."""

import itertools

import pytest
from house import button
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from shiboken6 import isValid

from kioskcore.config import Config
from kioskcore.visit import State
from ui.gallery import SHAPES, SHOTS, Stage, settle
from ui.keyboard.keyboard import Keyboard
from ui.keys import KeyGuard
from ui.rehearsal.eyes import scroll_area_of
from ui.shell import Shell
from ui.theme import load_fonts
from ui.widgets.buttons import ActionButton


@pytest.fixture
def stage_at(qapp, tmp_path):
    load_fonts()
    made: list[Stage] = []

    def go(shot: str, shape: tuple[int, int] = SHAPES[0]) -> Stage:
        stage = Stage(Config(), shape, tmp_path, practice=True)
        made.append(stage)
        stage.shell.watch_input(KeyGuard(stage.look, stage.shell))
        SHOTS[shot](stage)
        settle(stage)
        stage.shell.activateWindow()
        for keyboard in stage.shell.findChildren(Keyboard):
            keyboard.set_enabled(False)  # who goes by Tab has keys of his own; the painted ones move the page
        settle(stage)
        return stage

    yield go
    for stage in made:
        stage.close()
        settle()


def press(key: Qt.Key) -> None:
    window = QApplication.activeWindow()
    assert window is not None
    QTest.keyClick(window.windowHandle(), key)
    settle()


def controls(shell: Shell) -> set[QWidget]:
    """Everything that can be pressed or filled in now."""
    overlays = shell.overlays()
    root: QWidget = overlays[-1] if overlays else shell
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


def jumps_back(shell: Shell, stops: list[QWidget]) -> list[str]:
    """Stops that stand above the one before them, or left of it in the same line; columns are read in turn.

    What a scroll area moved is compared within that area only; the corners of a page are gone round.
    """
    lined = [w for w in stops if isinstance(w, ActionButton | QLineEdit)]
    places = [(w, w.mapTo(shell, QPoint(0, 0)), w.size(), scroll_area_of(w)) for w in lined]
    found = []
    for (_, a, size, area), (w, b, below, other) in itertools.pairwise([*places, *places[:1]]):
        next_column = b.x() >= a.x() + size.width()
        above = b.y() + below.height() <= a.y() and not next_column
        same_line = not above and b.y() < a.y() + size.height()
        if area is other and (above or (same_line and b.x() < a.x())):
            found.append(w.accessibleName())
    return found


def nameless(shell: Shell) -> list[str]:
    """What a screen reader could not tell about: no name, or the role of nothing in particular."""
    wanted = {QAccessible.Role.Button, QAccessible.Role.CheckBox, QAccessible.Role.EditableText}
    found = []
    for widget in controls(shell):
        told = QAccessible.queryAccessibleInterface(widget)
        if not told.text(QAccessible.Text.Name).strip() or told.role() not in wanted:
            found.append(f"{type(widget).__name__} {told.text(QAccessible.Text.Name)!r} {told.role()}")
        assert told.state().focusable
    pictures = [w for w in shell.findChildren(QLabel) if w.isVisible() and not w.pixmap().isNull()]
    return found + ["a picture that says nothing" for w in pictures if not w.accessibleName()]


@pytest.mark.parametrize(
    ("shot", "shape"),
    [*((shot, SHAPES[0]) for shot in SHOTS), *((shot, SHAPES[1]) for shot in ("02-choose", "16-portal"))],
)
def test_tab_reaches_everything_in_reading_order(stage_at, shot: str, shape: tuple[int, int]) -> None:
    stage = stage_at(shot, shape)
    shell, movers = stage.shell, {stage.look.say(f"ui.scroll.{way}") for way in ("up", "down")}
    assert nameless(shell) == []
    stops = [w for w in round_by_tab() if isValid(w)]
    names = [w.accessibleName() for w in stops]
    missed = {w.accessibleName() for w in controls(shell)} - set(names)
    if movers & set(names):
        missed -= movers  # Tab itself scrolls: at an end one of the two is off
    assert not missed
    assert len(jumps_back(shell, stops)) <= 1, "only from the last to the first"


def test_enter_and_space_press(stage_at) -> None:
    stage = stage_at("01-waiting")
    button(stage.shell, stage.look.say("ui.waiting.begin")).setFocus()
    press(Qt.Key.Key_Return)
    assert stage.visit.state is State.CHOOSE
    tile = next(b for b in stage.shell.findChildren(ActionButton) if b.isVisible() and b.kind == "choice")
    tile.setFocus()
    press(Qt.Key.Key_Space)
    assert stage.flow.choose.page_now() != (False, None, 0)


def test_a_new_page_begins_at_its_heading(stage_at) -> None:
    stage = stage_at("04-guide-about")
    button(stage.shell, stage.look.say("ui.go_on")).setFocus()
    press(Qt.Key.Key_Return)
    heading = QApplication.focusWidget()
    assert isinstance(heading, QLabel) and heading.text() == stage.flow.guide.heading()


def test_what_is_drawn_anew_keeps_the_focus_and_the_ring(stage_at) -> None:
    stage = stage_at("06-guide-ready")
    for name in (stage.look.say("ui.text_size"), stage.look.say("ui.contrast")):
        while QApplication.focusWidget() is None or QApplication.focusWidget().accessibleName() != name:
            press(Qt.Key.Key_Tab)
        press(Qt.Key.Key_Space)
        now = QApplication.focusWidget()
        assert isinstance(now, ActionButton) and now.accessibleName() == name and now._ring
    question = next(
        b
        for b in stage.shell.findChildren(ActionButton)
        if b.isVisible() and b.accessibleName().startswith(f"{stage.look.say('ui.no')}. ")
    )
    name = question.accessibleName()
    question.setFocus()
    press(Qt.Key.Key_Space)
    assert QApplication.focusWidget().accessibleName() == name


def test_the_mover_that_came_to_the_end_hands_the_focus_to_the_other(stage_at) -> None:
    stage = stage_at("07-guide-steps")
    down, up = (stage.look.say(f"ui.scroll.{way}") for way in ("down", "up"))
    button(stage.shell, down).setFocus()
    for _ in range(20):
        if QApplication.focusWidget().accessibleName() != down:
            break
        press(Qt.Key.Key_Space)
    assert QApplication.focusWidget().accessibleName() == up
