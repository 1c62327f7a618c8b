"""Header and footer, on every screen at the same place: nobody has to search for help or the way back.

The footer also says, as long as it is so, that nothing has been sent yet: beside the button that is feared,
where no keyboard and no long page ever covers it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QLayout, QWidget

from ui.focus import take_focus
from ui.look import Look
from ui.screens.base import Action
from ui.sound.desk import SoundDesk
from ui.theme import TextSize
from ui.widgets.blocks import Slot, column, label, row
from ui.widgets.buttons import ActionButton

Tap = Callable[[], object]
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_TWO_LINES = 0.62
"""Of the length of a sentence: words do not break in the very middle."""


def _practice_mark(look: Look) -> QLabel:
    mark = label(look.say("ui.practice"), "practice")
    mark.setWordWrap(False)
    return mark


def _keep_room(widget: QWidget) -> None:
    """While it is hidden too, that nothing beside it moves."""
    room = widget.sizePolicy()
    room.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(room)


class Header(Slot):
    """Point name, the screen's question, the practice mark, sound, text size, colours and languages."""

    def __init__(self, look: Look, sound: SoundDesk, languages: Tap) -> None:
        """`languages` opens the choice, where there are more than two."""
        super().__init__()
        self.look, self._sound, self._languages = look, sound, languages
        self.listen: ActionButton | None = None
        self.setProperty("role", "header")
        self._heading = label("", "heading")
        self._drawn: object = None

    def draw(self, heading: str, practice: bool, wide: bool, slim: bool = False) -> None:
        """`wide`: all in one line; else the buttons stand below the question.

        `slim`: only where one is, in one line, while somebody types on a low screen.
        """
        look, sound = self.look, self._sound
        heard = sound.offered(), sound.opened, sound.touch.on
        drawn = (look.theme, look.language, practice, wide, slim, heard)
        if drawn == self._drawn:  # a new page mostly changes the question alone
            self._heading.setText(heading)
            return
        self._drawn, began_here = drawn, self.window().focusWidget() is self._heading
        self._heading = label(heading, "slim" if slim else "heading")
        self.put(self._slim(practice) if slim else self._whole(practice, wide))
        for button in self.findChildren(ActionButton):  # a touch leaves the cursor in its field
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if began_here:  # else the focus sits on a button of the page, and Tab leads past that
            take_focus(self._heading)

    def _slim(self, practice: bool) -> QLayout:
        theme = self.look.theme
        line = row(gap=theme.gap)
        line.addWidget(self._heading, 1)
        if practice:
            line.addWidget(_practice_mark(self.look), 0, _MIDDLE)
        line.setContentsMargins(theme.space, 0, theme.space, 0)
        return line

    def _whole(self, practice: bool, wide: bool) -> QLayout:
        look, theme = self.look, self.look.theme
        words = column(1, self._heading, 1)
        if not wide or theme.text_size is TextSize.NORMAL:  # else the question needs the room
            words.insertWidget(1, label(look.config.point.name, "place"))
        line = row(gap=theme.gap)
        line.addLayout(words, 1)
        if practice:
            line.addWidget(_practice_mark(look), 0, _MIDDLE)
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
        return whole

    def take_focus(self) -> None:
        """A new page begins here: a screen reader says its heading, Tab goes on from there."""
        self._heading.clearFocus()  # else one that had it already is not said again
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
    """Back, "delete now", help, what calms, and the one primary action. The first three never move."""

    def __init__(self, look: Look, back: Tap, leave: Tap, call_help: Tap) -> None:
        super().__init__()
        self.look = look
        self.setProperty("role", "footer")
        self._taps = (back, leave, call_help)
        self._calm: QLabel | None = None
        self._hushed = self._below = self._ready = False
        self._action: Sequence[ActionButton] = ()
        self._do: Tap = lambda: None  # what the primary action does
        self._drawn: object = None

    def hush(self, on: bool) -> None:
        """For a while nobody knows whether anything was sent; the room stays, that nothing jumps."""
        self._hushed = on
        if self._calm is not None:
            self._calm.setVisible(not on)

    def below(self, on: bool) -> None:
        """A question lies over the page: what the page itself offers has to wait for its answer."""
        self._below = on
        for button in self._action:
            button.setEnabled(not on and self._ready)

    def draw(
        self, action: Action | None, wide: bool, unsent: bool, slim: bool = False, alone: bool = False
    ) -> None:
        """`wide`: all in one line; else the primary action has a line of its own above.

        `slim`: lower, while somebody types on a low screen. `alone`: nothing but help, at its place: nobody
        is at work that could go back or be ended.
        """
        look, room = self.look, self.width()
        self._do = action.do if action is not None else lambda: None
        shown = replace(action, do=self._pressed) if action is not None else None
        drawn = (look.theme, look.language, shown, wide, unsent, slim, alone, room, self._hushed, self._below)
        if drawn != self._drawn:
            self._drawn = drawn
            self._lay_out(shown, wide, unsent, slim, alone)

    def _pressed(self) -> None:
        self._do()

    def _lay_out(self, action: Action | None, wide: bool, unsent: bool, slim: bool, alone: bool) -> None:
        look, theme = self.look, self.look.theme
        back, leave, call_help = self._taps
        buttons = [
            self._button(look.say("ui.back"), back, "secondary", "back", slim),
            self._button(look.say("ui.leave.say"), leave, "danger", "bin", slim),
            self._button(look.say("ui.help.say"), call_help, "help", "help", slim),
        ]
        for button in buttons[:2] if alone else ():
            _keep_room(button)
            button.hide()
        fixed, whole = row(*buttons, gap=theme.gap), column(gap=theme.gap)
        air = theme.mm(1 if slim else 2)
        whole.setContentsMargins(theme.space, air, theme.space, air)
        main = self._action = self._main(action, slim)
        self._ready = action is not None and action.enabled
        calm = self._calm = self._say_calm(slim) if unsent else None
        line = fixed if calm is not None and wide and self._fits(calm, [*buttons, *main], slim) else whole
        if not slim:
            self._grow(buttons, main, calm, wide, beside=line is fixed)
        if line is fixed:
            fixed.addStretch(1)
        if calm is not None and (line is fixed or not slim):
            line.addWidget(calm)
        if wide:
            fixed.addStretch(1)
        for button in main:
            (fixed if wide else whole).addWidget(button)
        whole.addLayout(fixed)
        self.put(whole)

    def _say_calm(self, slim: bool) -> QLabel:
        made = label(self.look.say("ui.nothing_sent"), "slim-good" if slim else "chrome-good")
        _keep_room(made)
        if self._hushed:
            made.hide()
        return made

    def _button(self, words: str, tap: Tap, kind: str, icon: str, slim: bool) -> ActionButton:
        return ActionButton(self.look, words, tap, kind=kind, icon=icon, chrome=True, small=slim)

    def _main(self, action: Action | None, slim: bool) -> list[ActionButton]:
        """The primary action, where there is one."""
        if action is None:
            return []
        if action.made is not None:
            return [action.made()]
        kind = "secondary" if action.quiet else "primary"
        made = self._button(action.text, action.do, kind, action.icon, slim)
        made.setEnabled(action.enabled and not self._below)
        return [made]

    def _grow(
        self,
        fixed: Sequence[QWidget],
        main: Sequence[ActionButton],
        calm: QLabel | None,
        wide: bool,
        beside: bool,
    ) -> None:
        """What must be read follows the size of the text where that takes no height from a wide page."""
        room = self._left(fixed)
        if calm is not None and beside:
            room -= calm.minimumWidth() + self.look.theme.gap
        for button in main:
            self._grow_button(button, room if wide else self.width() - 2 * self.look.theme.space, wide)
        if calm is not None:
            theme = self.look.theme
            room = self._left([*fixed, *main]) if beside else self.width() - 2 * theme.space
            self._grow_calm(calm, room, beside, theme.steps if beside or not wide else theme.steps[-1:])

    def _grow_button(self, button: ActionButton, room: int, wide: bool) -> None:
        theme = self.look.theme
        for button.letters in theme.reading:
            width = button.sizeHint().width() + theme.gap
            if width <= room and (not wide or button.heightForWidth(width) <= theme.target):
                return

    def _grow_calm(self, calm: QLabel, room: int, beside: bool, sizes: Sequence[int]) -> None:
        """As large as one line of it fits: a second one would take room from the page and its step."""
        for pixels in sizes:
            long = self._long(calm, pixels)
            if long <= room:
                calm.setStyleSheet(f"font-size: {pixels}px;")
                if beside:
                    calm.setFixedWidth(long)
                return
        calm.setStyleSheet(f"font-size: {self.look.theme.steps[-1]}px;")

    def _left(self, others: Sequence[QWidget]) -> int:
        """Width in pixels that the others leave of the line."""
        gap = self.look.theme.gap
        return self.width() - 2 * self.look.theme.space - sum(o.sizeHint().width() + gap for o in others)

    def _long(self, calm: QLabel, pixels: int) -> int:
        theme = self.look.theme
        return QFontMetrics(theme.font(pixels, bold=True)).horizontalAdvance(calm.text()) + theme.gap

    def _fits(self, calm: QLabel, others: Sequence[QWidget], slim: bool) -> bool:
        """Whether it stands in one line or two, about equal, in what the others leave."""
        theme = self.look.theme
        pixels = theme.chrome if slim else theme.steps[-1]
        long, room = self._long(calm, pixels), self._left(others)
        low = slim or 2 * QFontMetrics(theme.font(pixels, bold=True)).height() <= theme.target
        width = round(long * _TWO_LINES) if low and room < long else long  # no help that moves up with them
        if fits := room >= width:
            calm.setFixedWidth(width)
            calm.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return fits
