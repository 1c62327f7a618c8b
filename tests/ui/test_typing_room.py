"""On a low screen whoever types sees nearly half a page, the step, the field, and help in its place."""

import pytest
from house import button, rule_faults, texts
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLineEdit, QWidget

from kioskcore.visit import Event
from ui.gallery import settle
from ui.keyboard.board import SHARE
from ui.theme import TextSize
from ui.widgets.buttons import ActionButton


def answers(page: QWidget) -> list[ActionButton]:
    return [one for one in page.findChildren(ActionButton) if one.isVisible() and one.kind == "choice-row"]


def helping(kiosk) -> int:
    """Where the middle of the help button is, from above."""
    found = button(kiosk.shell, kiosk.say("ui.help.say"))
    return found.mapTo(kiosk.shell, found.rect().center()).y()


@pytest.mark.parametrize("size", [TextSize.NORMAL, TextSize.HUGE])
def test_nearly_half_of_a_low_screen_stays_for_the_page(make_kiosk, qtbot, size: TextSize) -> None:
    kiosk = make_kiosk()
    kiosk.tap(kiosk.say("ui.waiting.begin"))
    kiosk.look.set_text_size(size)
    before = helping(kiosk)
    kiosk.flow.choose.search_for("khai sinh")
    kiosk.shell.activateWindow()
    keyboard, page = kiosk.flow._keyboard, kiosk.flow.choose
    qtbot.waitUntil(keyboard.isVisible)
    settle()
    qtbot.waitUntil(lambda: len(answers(page)) > 1, timeout=15_000)
    settle()
    assert sum(one.mapTo(page, QPoint(0, one.least)).y() <= page.height() for one in answers(page)) >= 2
    whole = kiosk.shell.height()
    assert keyboard.height() <= SHARE * whole
    assert page.height() >= 0.43 * whole
    assert page.heading() in texts(kiosk.shell)  # with the number of the step
    assert rule_faults(kiosk.shell) == []
    assert abs(helping(kiosk) - before) < kiosk.look.theme.mm(5)
    keyboard.hide()
    settle()
    assert kiosk.say("ui.text_size") in texts(kiosk.shell)  # the header is back
    assert page.findChild(QLineEdit).text() == "khai sinh"


def test_the_portal_gives_its_bar_too_and_takes_it_back(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.tap(kiosk.say("ui.waiting.begin"))
    kiosk.flow.choose.picked.emit("2.000635")
    kiosk.visit.fire(Event.TO_PORTAL)
    settle()
    names = {kiosk.say("ui.portal.reload"), kiosk.say("ui.portal.home")}
    kiosk.shell._make_room(True)
    settle()
    assert not names & set(texts(kiosk.shell))
    assert rule_faults(kiosk.shell) == []
    kiosk.shell._make_room(False)
    settle()
    assert names <= set(texts(kiosk.shell))


@pytest.mark.parametrize("practice", [True, False])
@pytest.mark.parametrize("size", [TextSize.NORMAL, TextSize.HUGE])
def test_practice_is_never_out_of_sight(make_kiosk, practice: bool, size: TextSize) -> None:
    kiosk = make_kiosk(practice=practice)
    kiosk.look.set_text_size(size)
    kiosk.tap(kiosk.say("ui.waiting.begin"))
    for room in (True, False):
        kiosk.shell._make_room(room)
        settle()
        assert texts(kiosk.shell).count(kiosk.say("ui.practice")) == practice
        assert rule_faults(kiosk.shell) == []
