"""Very large letters reach what must be read in the frame, as far as there is room; keys show large ones."""

import pytest
from house import button
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from kioskcore.findings import said
from ui.frame import Footer
from ui.gallery import SHAPES, SHOTS, Shape, Stage, settle
from ui.keyboard.key import Face, Key
from ui.keyboard.layouts import Act, KeySpec
from ui.theme import READ_MM, TextSize
from ui.widgets.blocks import Figures
from ui.widgets.buttons import ActionButton
from ui.widgets.corners import CornerEditor
from ui.widgets.grown import GrownPages
from ui.widgets.pages import Pages


def dressed(stage_at, shape: Shape, size: TextSize) -> Stage:
    stage = stage_at("16-portal", shape)
    stage.dress(shape, size, "vi")
    settle(stage)
    return stage


def pixels(stage: Stage, words: str) -> int:
    """Font size of the label that shows these words."""
    found = [made for made in stage.shell.findChildren(QLabel) if made.isVisible() and made.text() == words]
    return found[0].fontInfo().pixelSize()


def main_button(stage: Stage) -> ActionButton:
    return button(stage.shell, stage.look.say("ui.portal.submitted"))


@pytest.mark.parametrize("shape", SHAPES[1:3], ids=str)
def test_the_step_the_promise_and_the_main_button_follow(stage_at, shape: Shape) -> None:
    stage = dressed(stage_at, shape, TextSize.HUGE)
    portal, chrome = stage.flow.portal, stage.look.theme.chrome
    step = portal.steps[portal.present]
    assert pixels(stage, step.text) >= 1.4 * chrome
    assert pixels(stage, step.hint) >= 1.4 * chrome
    assert not any(mover.isVisible() for mover in portal.findChild(GrownPages).movers)
    assert pixels(stage, stage.look.say("ui.nothing_sent")) >= 1.1 * chrome
    assert main_button(stage).letters >= 1.3 * chrome


def test_on_a_low_screen_nothing_is_taken_from_the_page(stage_at) -> None:
    stage = dressed(stage_at, SHAPES[0], TextSize.HUGE)
    theme = stage.look.theme
    assert main_button(stage).letters > theme.chrome
    buttons = stage.shell.findChild(Footer).findChildren(ActionButton)
    assert {made.height() for made in buttons} == {theme.target}


@pytest.mark.parametrize("size", [TextSize.LARGE, TextSize.HUGE])
def test_on_a_low_screen_a_step_is_read_thought_by_thought(stage_at, size: TextSize) -> None:
    stage = dressed(stage_at, SHAPES[0], size)
    theme, portal, say = stage.look.theme, stage.flow.portal, stage.look.say
    first, second = portal.steps[:2]
    for thought in filter(None, (first.text, first.hint, first.hands_off and say("ui.portal.hands_off"))):
        assert 0.714 * pixels(stage, thought) / theme.mm(100) * 100 >= READ_MM
        shown = [made.text() for made in portal.findChildren(QLabel) if made.isVisible()]
        assert len({first.text, first.hint, say("ui.portal.hands_off")} & set(shown)) == 1
        assert not any(mover.isVisible() for mover in portal.findChild(GrownPages).movers)
        on = "read_on" if thought == first.text else "step_after"
        button(stage.shell, say(f"ui.portal.{on}")).click()
        settle(stage)
    assert pixels(stage, second.text)
    button(stage.shell, say("ui.portal.step_before")).click()
    settle(stage)
    assert pixels(stage, first.text)


def test_in_the_normal_size_all_is_as_it_was(stage_at) -> None:
    stage = dressed(stage_at, SHAPES[2], TextSize.NORMAL)
    portal, chrome = stage.flow.portal, stage.look.theme.chrome
    words = (portal.steps[portal.present].text, stage.look.say("ui.nothing_sent"))
    assert {*(pixels(stage, said) for said in words), main_button(stage).letters} == {chrome}


@pytest.mark.parametrize("letter", ["A", "\u1eac", "\u1ef4", "g", "@"])
def test_a_letter_fills_its_key_and_stays_within(qtbot, letter: str) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    key = Key(KeySpec(Act.TEXT, letter), holder)
    key.resize(78, 56)
    key.show_face(Face(letter), letter)
    picture = key.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    middle = range(12, picture.width() - 12)
    rows = range(5, picture.height() - 5)
    inked = [y for y in rows if any(picture.pixelColor(x, y).value() < 90 for x in middle)]
    assert inked[0] > 5 and inked[-1] < picture.height() - 6
    assert len(inked) >= 0.4 * picture.height()


AIR = 3
"""Rows of pixels above and below the letters of a line, of some 70."""


@pytest.mark.parametrize("shot", ["05-guide-bring", "07-guide-steps", "15-check", "15-scan-fault-too-big"])
def test_a_page_that_moves_cuts_no_line_and_leaves_none_out(stage_at, shot: str) -> None:
    stage = stage_at(shot)
    stage.dress(SHAPES[0], TextSize.HUGE, "vi")
    settle(stage)
    pages = stage.shell.screen_now.pages
    up, down = pages.movers
    lines = {line for text in pages.findChildren(QLabel) if text.isVisible() for line in _lines(pages, text)}
    read = set()
    for mover in (down, up):
        while True:
            first, last = _shown(pages)
            cut = [(top, end) for top, end in lines if top < first < end - AIR or top + AIR < last < end]
            assert not cut, (first, last, cut)
            read |= {line for line in lines if first <= line[0] + AIR and line[1] <= last + AIR}
            if not mover.isEnabled():
                break
            QTest.mouseClick(mover, Qt.MouseButton.LeftButton)
            settle(stage)
        assert read == lines if mover is down else first == 0


def _shown(pages: Pages) -> tuple[int, int]:
    """Rows of the sheet that show."""
    viewport, at = pages.area.viewport(), pages.area.verticalScrollBar().value()
    shown = viewport.mask().boundingRect() if not viewport.mask().isEmpty() else viewport.rect()
    return at + shown.top(), at + shown.top() + shown.height()


def _lines(pages: Pages, text: QLabel) -> list[tuple[int, int]]:
    """From the top to the bottom of the letters of each line, in rows of the sheet."""
    inside, metrics = text.contentsRect(), text.fontMetrics()
    top = text.mapTo(pages.area.widget(), inside.topLeft()).y()
    number = round(inside.height() / metrics.lineSpacing())
    tops = [top + at * metrics.lineSpacing() for at in range(number)]
    return [(at, at + metrics.height()) for at in tops]


def low(stage_at, shot: str) -> Stage:
    """Very large from the first look on, as when it was chosen before."""
    stage = stage_at("01-waiting")
    stage.dress(SHAPES[0], TextSize.HUGE, "vi")
    settle(stage)
    SHOTS[shot](stage)
    settle(stage)
    return stage


def in_sight(pages: Pages, words: str) -> bool:
    """Whether the first line of it shows."""
    said = next(made for made in pages.findChildren(QLabel) if made.text() == words)
    first, last = _shown(pages)
    top, end = _lines(pages, said)[0]
    return first <= top + AIR and end <= last + AIR


@pytest.mark.parametrize("shot", ["11-scan-look-doubt", "11-scan-look-framed"])
def test_what_the_machine_doubts_is_read_before_the_page_is_called_clear(stage_at, shot: str) -> None:
    stage = low(stage_at, shot)
    pages, words = stage.shell.screen_now.pages, stage.look.words
    assert in_sight(pages, said(words, stage.flow.scan.desk.page)[0])
    _up, down = pages.movers
    while down.isEnabled():
        assert button(stage.shell, stage.look.say("ui.scan.good")).kind == "secondary"
        down.click()
        settle(stage)
    good = stage.look.say("ui.scan.good")
    assert button(stage.shell, good).kind == "primary"
    pages.move_to(0)
    stage.shell.screen_now.redraw()
    settle(stage)
    assert button(stage.shell, good).kind == "primary"  # it was seen


def test_a_page_that_fits_is_read_at_once(stage_at) -> None:
    stage = stage_at("10-scan-look", SHAPES[2])
    assert button(stage.shell, stage.look.say("ui.scan.good")).kind == "primary"


def test_what_to_fetch_first_is_in_sight_after_the_answer(stage_at) -> None:
    stage = low(stage_at, "06-guide-in-the-way")
    assert in_sight(stage.shell.screen_now.pages, stage.flow.guide.guide.questions[0].fetch)


def whole_in_sight(pages: Pages, part: QWidget) -> bool:
    first, last = _shown(pages)
    top = part.mapTo(pages.area.widget(), QPoint(0, 0)).y()
    return first <= top and top + part.height() <= last


@pytest.mark.parametrize("shot", ["21-pick-date", "21-pick-datetime"])
def test_what_is_typed_stands_whole_beside_its_keys(stage_at, shot: str) -> None:
    stage = low(stage_at, shot)
    card = stage.shell.overlays()[-1]
    pages = card.findChild(Pages)
    keys = [made for made in pages.findChildren(ActionButton) if made not in pages.movers]
    assert len(keys) == 12
    assert all(whole_in_sight(pages, part) for part in [*keys, pages.findChild(Figures)])
    assert card.geometry().bottom() < stage.shell.findChild(Footer).y()


@pytest.mark.parametrize("shot", ["18-portal-blocked", "18-portal-certificate"])
def test_of_a_fault_the_words_begin_and_the_way_on_stands_in_the_footer(stage_at, shot: str) -> None:
    stage = low(stage_at, shot)
    fault = stage.flow.portal._fault
    pages = next(made for made in stage.flow.portal.findChildren(Pages) if made.isVisible())
    assert in_sight(pages, stage.look.error(fault)[0])
    footer, words = stage.shell.findChild(Footer), stage.look.say("ui.portal.to_page")
    assert button(footer, words).kind == "secondary"  # what to heed is below
    while pages.movers[1].isEnabled():
        pages.movers[1].click()
        settle(stage)
    assert button(footer, words).kind == "primary"
    button(footer, words).click()
    settle(stage)
    assert stage.flow.portal._fault is None


def test_who_to_practise_as_is_in_sight(stage_at) -> None:
    stage = low(stage_at, "32-practice-people")
    pages = stage.shell.overlays()[-1].findChild(Pages)
    first = next(made for made in pages.findChildren(ActionButton) if made.kind == "choice")
    assert whole_in_sight(pages, first)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_all_four_corners_can_be_dragged_without_turning_a_page(stage_at, language: str) -> None:
    stage = stage_at("33-scan-corners")
    for size in TextSize:
        stage.dress(SHAPES[0], size, language)
        settle(stage)
        pages = next(made for made in stage.flow.scan.findChildren(Pages) if made.isVisible())
        assert all(whole_in_sight(pages, made) for made in pages.findChild(CornerEditor).handles), size


def test_what_was_taken_away_is_told_in_lines_of_more_than_one_word(stage_at) -> None:
    stage = low(stage_at, "35-scan-more-aside")
    words = stage.look.say("ui.scan.page_aside")
    told = next(made for made in stage.flow.scan.findChildren(QLabel) if made.text() == words)
    assert told.width() > 0.6 * stage.flow.scan.width()
