"""Our own list for a page's <select>: Chromium's has lines of 11 mm and a bar too thin for unsure hands."""

from collections.abc import Callable, Sequence
from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QLineEdit, QWidget

from guides.folding import fold
from portal.webview.asking import ListRequest, Option
from ui.look import Look
from ui.theme import TextSize
from ui.widgets.blocks import Grid, Slot, column, label
from ui.widgets.buttons import ActionButton
from ui.widgets.overlay import Card, Overlay

SEARCHED = 12
"""A list of more lines than this can be searched."""
AT_ONCE = 60
"""So many lines are made at a time; a country's communes as buttons would take seconds."""

LOW_MM = 220
"""Of the window, in very large letters."""


class ListPicker:
    """`choose(request)` waits for the person. None: changed their mind, or the visit went on."""

    def __init__(self, look: Look, window: QWidget) -> None:
        self.look, self._window = look, window
        self._overlay: Overlay | None = None
        self._request = ListRequest(())
        self._ticked: set[int] = set()
        self._typed, self._first = "", 0
        self._present: ActionButton | None = None

    def choose(self, request: ListRequest) -> Sequence[int] | None:
        answer = self.open(request).wait()
        self._overlay = None
        return answer if isinstance(answer, list) else None

    def open(self, request: ListRequest) -> Overlay:
        """Show the card without waiting."""
        self._request, self._typed = request, ""
        chosen = [at for at, option in enumerate(request.options) if option.chosen]
        self._ticked = {request.options[at].number for at in chosen}
        self._first = min(chosen, default=0) // AT_ONCE * AT_ONCE
        self._overlay = Overlay(self._window, self.look, self._card)
        self._overlay.show_over()
        if self._present is not None:
            self._overlay.reveal(self._present)
        return self._overlay

    def _card(self, card: Overlay) -> Card:
        look, many = self.look, self._request.multiple
        body = column(gap=look.theme.gap)
        if not self._low:  # there a heading would leave no line in sight
            body.addWidget(label(look.say("ui.list.title_many" if many else "ui.list.title"), "title"))
        if len(self._request.options) > SEARCHED:
            body.addWidget(self._line(card))
        self._rows = Slot()
        self._rows.put(self._draw(card))
        body.addWidget(self._rows)
        buttons = [ActionButton(look, look.say("ui.pick.no"), card.close_with, icon="close", small=self._low)]
        if many:
            yes = look.say("ui.pick.yes")
            take = ActionButton(look, yes, self._take, kind="primary", icon="check", small=self._low)
            take.setObjectName("confirm")
            buttons.append(take)
        return body, buttons

    @property
    def _low(self) -> bool:
        theme = self.look.theme
        return theme.text_size is TextSize.HUGE and self._window.height() < theme.mm(LOW_MM)

    def _line(self, card: Overlay) -> QLineEdit:
        line = QLineEdit(self._typed)
        line.setAccessibleName(self.look.say("ui.list.ask"))
        line.setPlaceholderText(self.look.say("ui.list.ask"))
        line.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        line.setMinimumHeight(self.look.theme.touch)

        def typed(text: str) -> None:
            self._typed, self._first = text, 0
            self._show_rows(card)

        line.textChanged.connect(typed)
        return line

    def _show_rows(self, card: Overlay) -> None:
        """Only the lines anew: the field above them keeps its cursor."""
        self._rows.put(self._draw(card))
        card.fit()

    # ---- the lines -------------------------------------------------------------------------------

    def _found(self) -> list[Option]:
        """Those in which each word that was typed begins a word; marks of tone need not be typed."""
        wanted = fold(self._typed).split()
        if not wanted:
            return list(self._request.options)
        return [option for option in self._request.options if _fits(option, wanted)]

    def _draw(self, card: Overlay) -> QLayout:
        look = self.look
        found = self._found()
        self._present = None
        rows = column(gap=look.theme.gap)
        if not found:
            rows.addWidget(label(look.say("ui.list.nothing")))
        for group, options in groupby(found[self._first : self._first + AT_ONCE], lambda one: one.group):
            if group:
                rows.addWidget(label(group, "strong"))
            rows.addWidget(Grid(look, [self._row(card, option) for option in options], most=2))
        if len(found) > AT_ONCE:
            more = ActionButton(look, look.say("ui.list.more"), self._turn(card, len(found)), icon="next")
            more.setObjectName("more-options")
            rows.addWidget(more)
        return rows

    def _row(self, card: Overlay, option: Option) -> ActionButton:
        look, many = self.look, self._request.multiple
        text = option.text or look.say("ui.list.blank")
        here = option.chosen and not many
        row = ActionButton(
            look,
            text,
            None if many else lambda: card.close_with([option.number]),
            kind="tick" if many else "chosen" if here else "choice-row",
            icon="check" if here else "",
            small=True,
        )
        row.setObjectName(f"option-{option.number}")  # how a played visit finds it among equal words
        if here:
            row.setAccessibleName(look.say("ui.list.here", text=text))
            self._present = row
        if many:
            row.setChecked(option.number in self._ticked)
            row.toggled.connect(lambda on: self._tick(option.number, on))
        return row

    def _turn(self, card: Overlay, total: int) -> Callable[[], None]:
        def go() -> None:
            self._first += AT_ONCE
            if self._first >= total:
                self._first = 0  # after the last comes the first: nothing is ever lost
            self._show_rows(card)
            card.reveal(self._rows)

        return go

    def _tick(self, number: int, on: bool) -> None:
        (self._ticked.add if on else self._ticked.discard)(number)

    def _take(self) -> None:
        if self._overlay is not None:
            self._overlay.close_with(sorted(self._ticked))


def _fits(option: Option, wanted: Sequence[str]) -> bool:
    words = fold(option.text).split()
    return all(any(word.startswith(one) for word in words) for one in wanted)
