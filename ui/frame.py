"""Header and footer, on every screen at the same place: nobody has to search for help or the way back."""

from collections.abc import Callable

from PySide6.QtCore import Qt

from ui.look import Look
from ui.screens.base import Action
from ui.widgets.blocks import Slot, column, label, row
from ui.widgets.buttons import ActionButton

Tap = Callable[[], object]
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class Header(Slot):
    """Point name, the screen's question, the practice mark, text size and languages."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.setProperty("role", "header")

    def draw(self, heading: str, practice: bool) -> None:
        look, theme = self.look, self.look.theme
        line = row(gap=theme.gap)
        line.setContentsMargins(theme.space, theme.mm(1.5), theme.space, theme.mm(1.5))
        line.addLayout(column(1, label(look.config.point.name, "place"), label(heading, "heading"), 1), 1)
        if practice:
            mark = label(look.say("ui.practice"), "practice")
            mark.setWordWrap(False)
            line.addWidget(mark, 0, _MIDDLE)
        size = ActionButton(
            look, look.say("ui.text_size"), look.next_text_size, icon="text", chrome=True, small=True
        )
        line.addWidget(size, 0, _MIDDLE)
        for code in look.languages if len(look.languages) > 1 else ():
            chosen = code == look.language
            button = ActionButton(
                look,
                look.say_in(code, "ui.language.short"),
                self._speak(code),
                kind="chosen" if chosen else "secondary",
                icon="check" if chosen else "",
                chrome=True,
                small=True,
            )
            button.setAccessibleName(look.say_in(code, "ui.language.name"))
            line.addWidget(button, 0, _MIDDLE)
        self.put(line)

    def _speak(self, code: str) -> Tap:
        return lambda: self.look.speak(code)


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
        self.put(whole)
