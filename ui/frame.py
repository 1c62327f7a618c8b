"""Header and footer, on every screen at the same place: nobody has to search for help or the way back."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from ui.focus import take_focus
from ui.look import Look
from ui.screens.base import Action
from ui.sound.desk import SoundDesk
from ui.theme import TextSize
from ui.widgets.blocks import Slot, column, label, row
from ui.widgets.buttons import ActionButton

Tap = Callable[[], object]
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class Header(Slot):
    """Point name, the screen's question, the practice mark, sound, text size, colours and languages."""

    def __init__(self, look: Look, sound: SoundDesk, languages: Tap) -> None:
        """`languages` opens the choice, where there are more than two."""
        super().__init__()
        self.look, self._sound, self._languages = look, sound, languages
        self.listen: ActionButton | None = None
        self.setProperty("role", "header")
        self._heading: QLabel | None = None

    def draw(self, heading: str, practice: bool, wide: bool) -> None:
        """`wide`: all in one line; else the buttons stand below the question."""
        look, theme = self.look, self.look.theme
        self._heading = label(heading, "heading")
        words = column(1, self._heading, 1)
        if not (wide and theme.text_size is TextSize.HUGE):  # there the question needs the room
            words.insertWidget(1, label(look.config.point.name, "place"))
        line = row(gap=theme.gap)
        line.addLayout(words, 1)
        if practice:
            mark = label(look.say("ui.practice"), "practice")
            mark.setWordWrap(False)
            line.addWidget(mark, 0, _MIDDLE)
        buttons = self._buttons()
        if wide:
            for button in buttons:
                line.addWidget(button, 0, _MIDDLE)
        whole = column(line, gap=theme.mm(1))
        if not wide:
            whole.addLayout(row(*buttons, 1, gap=theme.gap))
        if self.listen is not None and self._sound.opened:
            more = self._sound.more_buttons()
            whole.addLayout(row(1, *more, gap=theme.gap) if wide else row(*more, 1, gap=theme.gap))
            whole.setSpacing(theme.gap)
        whole.setContentsMargins(theme.space, theme.mm(1.5), theme.space, theme.mm(1.5))
        self.put(whole)

    def take_focus(self) -> None:
        """A new page begins here: a screen reader says its heading, Tab goes on from there."""
        if self._heading is not None:
            take_focus(self._heading)

    def _buttons(self) -> list[ActionButton]:
        """How it looks and speaks: at hand on every screen."""
        look, strong = self.look, self.look.high_contrast
        self.listen = self._sound.listen_button() if self._sound.offered() else None
        buttons = [self.listen] if self.listen is not None else []
        buttons.append(self._button(look.say("ui.text_size"), look.next_text_size, icon="text"))
        contrast = look.say("ui.contrast")
        buttons.append(self._button(contrast, self._contrast, "check" if strong else "contrast", strong))
        others = [code for code in look.languages if code != look.language]
        if len(others) == 1:
            buttons.append(self._language(others[0]))
        elif others:
            buttons.append(self._button(look.say("ui.language.choose"), self._languages, icon="globe"))
        return buttons

    def _language(self, code: str) -> ActionButton:
        """The other of two languages, in its own words: one tap, and back by one tap."""
        look = self.look
        button = self._button(look.say_in(code, "ui.language.short"), lambda: look.speak(code), icon="globe")
        button.setAccessibleName(look.say_in(code, "ui.language.name"))
        return button

    def _button(self, words: str, tap: Tap, icon: str, chosen: bool = False) -> ActionButton:
        kind = "chosen" if chosen else "secondary"
        return ActionButton(self.look, words, tap, kind=kind, icon=icon, chrome=True, small=True)

    def _contrast(self) -> None:
        self.look.set_high_contrast(not self.look.high_contrast)


class Footer(Slot):
    """Back, "delete now", help, and the one primary action. The first three never move."""

    def __init__(self, look: Look, back: Tap, leave: Tap, call_help: Tap) -> None:
        super().__init__()
        self.look = look
        self.setProperty("role", "footer")
        self._taps = (back, leave, call_help)

    def draw(self, action: Action | None, wide: bool) -> None:
        """`wide`: all in one line; else the primary action has a line of its own above."""
        look, theme = self.look, self.look.theme
        back, leave, call_help = self._taps
        fixed = row(
            ActionButton(look, look.say("ui.back"), back, icon="back", chrome=True),
            ActionButton(look, look.say("ui.leave.say"), leave, kind="danger", icon="bin", chrome=True),
            ActionButton(look, look.say("ui.help.say"), call_help, kind="help", icon="help", chrome=True),
            gap=theme.gap,
        )
        whole = column(gap=theme.gap)
        whole.setContentsMargins(theme.space, theme.mm(2), theme.space, theme.mm(2))
        if action is not None:
            kind = "secondary" if action.quiet else "primary"
            main = ActionButton(look, action.text, action.do, kind=kind, icon=action.icon, chrome=True)
            main.setEnabled(action.enabled)
            if wide:
                fixed.addStretch(1)
                fixed.addWidget(main)
            else:
                whole.addWidget(main)
        elif wide:
            fixed.addStretch(1)
        whole.addLayout(fixed)
        self.put(whole)
