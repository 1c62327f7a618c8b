"""Practice as the timid use it: whose name one practises under, chosen by a drawn face."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kioskcore.told import Told, joined
from ui.look import FIRST, Look
from ui.widgets.blocks import Grid, column, label
from ui.widgets.buttons import ActionButton
from ui.widgets.overlay import Card, Overlay

if TYPE_CHECKING:
    from guides.library import Library

AT_HOME = ("dang-nhap-vneid", "kiem-tra-sim", "tra-cuu-ho-so")
"""Guides to try with one's own phone after practising."""


def at_home(library: "Library | None", look: Look) -> Callable[[], list[str]]:
    """The titles of those guides, in the language shown."""

    def titles() -> list[str]:
        known = library.codes() if library is not None else frozenset()
        return [library.name(code, look.language) for code in AT_HOME if library and code in known]

    return titles


class PracticePeople(QObject):
    """The made-up person of this visit; the practice portal knows the same people. The first stands ready."""

    changed = Signal()

    def __init__(self, window: QWidget, look: Look) -> None:
        super().__init__(window)
        from portal.practice.catalogue import people

        self._window, self._look = window, look
        self._people = people()
        self.key = next(iter(self._people))

    def address(self, page: str) -> str:
        """The page, opened as this person."""
        return f"{page}?{urlencode({'nguoi': self.key})}"

    def button(self) -> ActionButton:
        """Says who it is; a tap asks."""
        words = self._look.say("ui.practice_people.as", name=self._name(self.key))
        made = ActionButton(self._look, words, self.ask, icon="person")
        made.setAccessibleName(joined(words, self._look.say("ui.practice_people.change"), gap=". "))
        return made

    def ask(self) -> None:
        Overlay(self._window, self._look, self._card, whole=True).show_over()

    def _card(self, card: Overlay) -> Card:
        look = self._look
        body = column(label(look.say("ui.practice_people.ask"), "title"), gap=look.theme.gap)
        body.addWidget(Grid(look, [self._tile(key, self._choose(key, card)) for key in self._people]))
        body.addWidget(label(look.say("ui.practice_people.made_up")))
        return body, [ActionButton(look, look.say("ui.back"), card.close_with, icon="back")]

    def _choose(self, key: str, card: Overlay) -> Callable[[], None]:
        def go() -> None:
            card.close_with()
            self.key = key
            self.changed.emit()

        return go

    def _name(self, key: str) -> str:
        return Told(self._people[key].name, language=FIRST)  # made up, so it may be heard

    def _tile(self, key: str, tap: Callable[[], None]) -> ActionButton:
        from portal.practice.catalogue import face

        return ActionButton(self._look, self._name(key), tap, kind="choice", picture=face(key))
