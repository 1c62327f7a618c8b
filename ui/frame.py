"""Header and footer: on every screen at the same place, so that help and the way back are never searched for."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QWidget

from ui.look import Look
from ui.screens.base import Action
from ui.widgets.blocks import column, label, row
from ui.widgets.buttons import ActionButton

Tap = Callable[[], object]


class Header(QFrame):
    """Point name, the screen's question, the practice mark, text size and languages."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.setProperty("role", "header")
        self._inside: QWidget | None = None
        self.setLayout(column())

    def draw(self, heading: str, practice: bool) -> None:
        look, theme = self.look, self.look.theme
        if self._inside is not None:
            self.layout().removeWidget(self._inside)
            self._inside.hide()
            self._inside.deleteLater()
        self._inside = QWidget()
        line = row(gap=theme.gap)
        line.setContentsMargins(theme.space, theme.mm(1.5), theme.space, theme.mm(1.5))
        line.addLayout(column(1, label(look.config.point.name, "place"), label(heading, "heading"), 1), 1)
        if practice:
            mark = label(look.say("ui.practice"), "practice")
            mark.setWordWrap(False)
            line.addWidget(mark)
        size = ActionButton(
            look, look.say("ui.text_size"), look.next_text_size, icon="text", chrome=True, small=True
        )
        line.addWidget(size)
        for code in look.languages if len(look.languages) > 1 else []:
            chosen = code == look.language
            button = ActionButton(
                look,
                look.say_in(code, "ui.language.short"),
                lambda code=code: look.speak(code),
                kind="primary" if chosen else "secondary",
                chrome=True,
                small=True,
            )
            button.setAccessibleName(look.say_in(code, "ui.language.name"))
            line.addWidget(button)
        self._inside.setLayout(line)
        self.layout().addWidget(self._inside)


class Footer(QFrame):
    """Back, "delete now", help, and the one primary action. The first three never move."""

    def __init__(self, look: Look, back: Tap, leave: Tap, call_help: Tap) -> None:
        super().__init__()
        self.look = look
        self.setProperty("role", "footer")
        self._taps = (back, leave, call_help)
        self._inside: QWidget | None = None
        self.setLayout(column())

    def draw(self, action: Action | None, wide: bool) -> None:
        """`wide`: all in one line; else the primary action has a line of its own above."""
        look, theme = self.look, self.look.theme
        if self._inside is not None:
            self.layout().removeWidget(self._inside)
            self._inside.hide()
            self._inside.deleteLater()
        back, leave, call_help = self._taps
        fixed = row(
            ActionButton(look, look.say("ui.back"), back, icon="back", chrome=True),
            ActionButton(look, look.say("ui.leave.say"), leave, kind="danger", icon="bin", chrome=True),
            ActionButton(look, look.say("ui.help.say"), call_help, kind="help", icon="help", chrome=True),
            gap=theme.gap,
        )
        self._inside = QWidget()
        whole = column(gap=theme.gap)
        whole.setContentsMargins(theme.space, theme.mm(2), theme.space, theme.mm(2))
        if action is not None:
            main = ActionButton(look, action.text, action.do, kind="primary", icon=action.icon, chrome=True)
            main.setEnabled(action.enabled)
            if wide:
                fixed.addStretch(1)
                fixed.addWidget(main)
            else:
                whole.addWidget(main)
        elif wide:
            fixed.addStretch(1)
        whole.addLayout(fixed)
        self._inside.setLayout(whole)
        self.layout().addWidget(self._inside)
