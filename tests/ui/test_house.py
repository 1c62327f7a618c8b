"""The rules of the house find what they are for: each kind of fault is planted once."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from house import rule_faults
from house_order import in_rows
from house_pixels import ink_contrast, pixel_faults
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QBoxLayout, QLabel, QLineEdit

from kioskcore.config import Config
from ui.focus import stops
from ui.gallery import settle
from ui.look import Look
from ui.screens.base import Screen
from ui.shell import Shell
from ui.theme import contrast, load_fonts
from ui.widgets.blocks import column, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.icons import Pictogram


class Sound(Screen):
    """Nothing is wrong with it."""

    title_key = "ui.choose.title"

    def build(self) -> QBoxLayout:
        look, theme = self.look, self.look.theme
        self.words = label("Nhà bác có việc gì?", "title")
        self.one = ActionButton(look, "Sinh con", icon="person", note="Khai sinh")
        self.two = ActionButton(look, "Làm nhà", icon="home")
        self.tiles = row(self.one, self.two, gap=theme.gap)
        self.sign = Pictogram("search", theme.icon, theme.colours.accent)
        self.field = QLineEdit()
        self.field.setPlaceholderText("khai sinh")
        self.field.setAccessibleName("Tìm")
        return column(self.words, self.tiles, row(self.sign, self.field), 1, gap=theme.gap)


@pytest.fixture
def shown(qapp) -> Iterator[tuple[Shell, Sound]]:
    load_fonts()
    look = Look(Config(), 96)
    shell, screen = Shell(look), Sound(look)
    shell.add(screen)
    shell.show_screen(screen)
    shell.resize(1366, 768)
    shell.show()
    settle()
    assert rule_faults(shell) + pixel_faults(shell) == []
    yield shell, screen
    shell.hide()
    shell.deleteLater()
    settle()


def pale(screen: Sound) -> None:
    screen.words.setStyleSheet("color: #9a9a9a")


def striped(screen: Sound) -> None:
    stops = ", ".join(f"stop:{n / 100} {'#ffffff' if n % 2 else '#c8d8e8'}" for n in range(100))
    screen.words.setStyleSheet(f"background: qlineargradient(x1:0, y1:0, x2:1, y2:0, {stops})")


def faint_sign(screen: Sound) -> None:
    screen.sign._colour = "#c0c0c0"
    screen.sign.update()


def long_page(screen: Sound) -> None:
    screen.words.setFixedHeight(2000)
    settle()
    screen.pages.movers[0].parentWidget().hide()


def wide_page(screen: Sound) -> None:
    screen.words.setMinimumWidth(3000)
    settle()


def turned(screen: Sound) -> None:
    screen.tiles.setDirection(QBoxLayout.Direction.RightToLeft)
    settle()


def lies_over(screen: Sound) -> None:
    screen.words.setGeometry(screen.one.geometry())


def dumb_picture(screen: Sound) -> None:
    made = QLabel(screen)
    made.setPixmap(QPixmap(20, 20))
    made.show()


PLANTED: dict[str, tuple[Callable[[Sound], object], str]] = {
    "a small button": (lambda s: s.two.setGeometry(QRect(700, 80, 50, 50)), "is 50x50, must be"),
    "a button too low for its words": (lambda s: s.one.setMaximumHeight(80) or settle(), "'Sinh con' is cut"),
    "buttons too close": (lambda s: s.tiles.setSpacing(2) or settle(), "only 2 px between"),
    "a nameless button": (lambda s: s.one.setAccessibleName(""), "'Sinh con' has no accessible name"),
    "a label too low": (lambda s: s.words.setFixedHeight(20) or settle(), "is cut: needs"),
    "a label too narrow": (lambda s: s.words.setFixedWidth(30) or settle(), "is wider than its place"),
    "an example that ends": (lambda s: s.field.setFixedWidth(80) or settle(), "the example 'khai sinh' is"),
    "a nameless field": (lambda s: s.field.setAccessibleName(""), "field 'khai sinh' has no accessible name"),
    "a picture without words": (dumb_picture, "a picture that says nothing"),
    "a page that goes on unseen": (long_page, "goes on below without a button"),
    "a page wider than the window": (wide_page, "moves sideways"),
    "out of the frame": (lambda s: s.two.move(1300, 80), "'Làm nhà' reaches out of"),
    "one over the other": (lies_over, "'Nhà bác có việc gì?' and 'Sinh con' lie over each other"),
    "heard in another order": (turned, "heard before its turn: 'Sinh con', next to be read is 'Làm nhà'"),
    "out of the reach of Tab": (lambda s: s.two.setFocusPolicy(Qt.FocusPolicy.NoFocus), "Tab misses ['Làm"),
    "a raw word key": (lambda s: s.words.setText("ui.x"), "a raw word key: ui.x"),
    "no help": (lambda s: s.window()._footer.hide(), "no help button"),
    "pale words": (pale, "'Nhà bác có việc gì?' has a contrast of 2.8, needs 4.5"),
    "words that cannot be seen": (lambda s: s.words.setStyleSheet("color: white"), "has a contrast of 1.0"),
    "words on a picture": (striped, "'Nhà bác có việc gì?' is written on an uneven ground"),
    "a faint pictogram": (faint_sign, "'Pictogram' has a contrast of 1.8, needs 3.0"),
}


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_fault_is_found(shown, kind: str) -> None:
    shell, screen = shown
    plant, told = PLANTED[kind]
    plant(screen)
    faults = rule_faults(shell) + pixel_faults(shell)
    assert [fault for fault in faults if told in fault], faults


def test_tab_in_another_order_than_the_eye_is_found(shown, monkeypatch) -> None:
    shell, _ = shown
    monkeypatch.setattr("house_order.stops", lambda part: stops(part)[::-1])
    assert any(fault.startswith("Tab goes ['") for fault in rule_faults(shell))


def test_rows_are_read_from_the_left_and_each_to_its_end() -> None:
    places = {
        "icon": QRect(0, 50, 20, 20),
        "words": QRect(30, 45, 200, 60),
        "button": QRect(300, 40, 50, 90),
        "below": QRect(0, 120, 300, 20),
    }
    assert in_rows([(place, name) for name, place in reversed(places.items())]) == [*places]


def test_the_contrast_of_pixels_is_that_of_the_colours() -> None:
    pixels = np.full((20, 30), 0xFFF2F6FA, np.uint32)
    pixels[5:9, 4:20] = 0xFF46535F
    found, even = ink_contrast(pixels)
    assert found == pytest.approx(contrast("#f2f6fa", "#46535f"), abs=0.01)
    assert even
