"""Our own pickers for a page's date, time and colour fields: a big number pad, and twelve colours.

Chromium's lists are too small for a finger, and a birthday is eighty years of pages away in a calendar.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time

from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QLayout, QWidget

from portal.webview.asking import PickRequest
from ui.look import Look
from ui.widgets.blocks import Figures, Grid, column, label, row
from ui.widgets.buttons import ActionButton
from ui.widgets.overlay import Card, Overlay

COLOURS = {
    "black": "#000000",
    "grey": "#808080",
    "white": "#ffffff",
    "red": "#d32f2f",
    "orange": "#f57c00",
    "yellow": "#fbc02d",
    "green": "#388e3c",
    "blue": "#1976d2",
    "violet": "#7b1fa2",
    "pink": "#c2185b",
    "brown": "#6d4c41",
    "cyan": "#00838f",
}


@dataclass(frozen=True)
class Form:
    """How a kind of field is typed: `mask` has a "0" for each digit; `html` is HTML's order of the parts."""

    mask: str
    html: str
    parts: tuple[tuple[str, int, int], ...]  # name, first digit, digits


_DAY = (("d", 0, 2), ("m", 2, 2), ("y", 4, 4))
FORMS = {
    "date": Form("00/00/0000", "{y}-{m}-{d}", _DAY),
    "time": Form("00:00", "{h}:{n}", (("h", 0, 2), ("n", 2, 2))),
    "month": Form("00/0000", "{y}-{m}", (("m", 0, 2), ("y", 2, 4))),
    "week": Form("00/0000", "{y}-W{w}", (("w", 0, 2), ("y", 2, 4))),
    "datetime-local": Form("00/00/0000 00:00", "{y}-{m}-{d}T{h}:{n}", (*_DAY, ("h", 8, 2), ("n", 10, 2))),
}


def to_html(kind: str, digits: str) -> str | None:
    """The typed digits as HTML writes them; None where they are no such day or time."""
    form = FORMS[kind]
    if len(digits) != form.mask.count("0"):
        return None
    part = {name: digits[first : first + long] for name, first, long in form.parts}
    try:
        if "w" in part:
            date.fromisocalendar(int(part["y"]), int(part["w"]), 1)
        elif "y" in part:
            date(int(part["y"]), int(part["m"]), int(part.get("d", "1")))
        if "h" in part:
            time(int(part["h"]), int(part["n"]))
    except ValueError:
        return None
    return form.html.format(**part)


def to_digits(kind: str, value: str) -> str:
    """What HTML wrote as it is typed here; "" where it is nothing of this kind."""
    form = FORMS[kind]
    named = re.sub(r"\\?\{(\w)\\?\}", lambda found: _group(found[1], form), re.escape(form.html))
    found = re.match(named, value)
    digits = "".join(found[name] for name, _, _ in form.parts) if found else ""
    return digits if digits and to_html(kind, digits) else ""


def shown(kind: str, digits: str) -> str:
    """The digits in their places: "12/0_/____"."""
    left = list(digits)
    return "".join((left.pop(0) if left else "_") if sign == "0" else sign for sign in FORMS[kind].mask)


def _group(name: str, form: Form) -> str:
    long = next(digits for part, _, digits in form.parts if part == name)
    return f"(?P<{name}>[0-9]{{{long}}})"


class Pickers:
    """`pick(request)` waits for the person. None: changed their mind, or the visit went on."""

    def __init__(self, look: Look, window: QWidget) -> None:
        self.look, self._window = look, window
        self._overlay: Overlay | None = None
        self._request = PickRequest("date", "")
        self._digits = ""
        self._fresh = True  # the value is the page's: the first digit replaces it
        self._wrong = False  # what stands there was to be taken and could not

    def pick(self, request: PickRequest) -> str | None:
        overlay = self.open(request)
        answer = overlay.wait()
        self._overlay = None
        return answer if isinstance(answer, str) else None

    def open(self, request: PickRequest) -> Overlay:
        """Show the card without waiting."""
        self._request, self._fresh, self._wrong = request, True, False
        if request.kind != "color":
            self._digits = to_digits(request.kind, request.value)
        typed = request.kind != "color"
        self._overlay = Overlay(self._window, self.look, self._card, at_once=typed)
        self._overlay.show_over()
        return self._overlay

    def _card(self, _card: Overlay) -> Card:
        look = self.look
        cancel = ActionButton(look, look.say("ui.pick.no"), self._close, icon="close")
        if self._request.kind == "color":
            return self._colours(), [cancel]
        take = ActionButton(look, look.say("ui.pick.yes"), self._take, kind="primary", icon="check")
        self._figures = Figures(look, "")
        self._hint = label("", centre=True)
        body = self._pad()
        self._draw()
        return body, [cancel, take]

    def _close(self, answer: object = None) -> None:
        if self._overlay is not None:
            self._overlay.close_with(answer)

    # ---- numbers ---------------------------------------------------------------------------------

    def _pad(self) -> QLayout:
        look, gap = self.look, self.look.theme.gap
        said = column(label(look.say(f"ui.pick.{self._request.kind}.title"), "title"), gap=gap)
        said.addWidget(self._figures)
        said.addWidget(self._hint)
        keys = column(gap=gap)
        for line in ("123", "456", "789"):
            keys.addLayout(row(*(self._key(digit) for digit in line), gap=gap))
        empty = ActionButton(look, look.say("ui.pick.empty"), self._empty, small=True, chrome=True)
        back = ActionButton(look, "", self._back, icon="back", small=True)
        back.setAccessibleName(look.say("ui.pick.back"))
        keys.addLayout(row(empty, self._key("0"), back, gap=gap))
        if self._window.width() < self._window.height():
            return column(said, keys, gap=gap)
        said.addStretch(1)
        keys.addStretch(1)
        both = row(gap=look.theme.space)  # a low screen has no room for the keys below the words
        both.addLayout(said, 1)
        both.addLayout(keys, 1)
        return both

    def _key(self, digit: str) -> ActionButton:
        return ActionButton(self.look, digit, lambda: self._type(digit), small=True, chrome=True)

    def _type(self, digit: str) -> None:
        kind, typed = self._request.kind, "" if self._fresh else self._digits
        self._fresh = False
        if len(typed) < FORMS[kind].mask.count("0"):
            self._digits, self._wrong = typed + digit, False
        self._draw()

    def _back(self) -> None:
        self._digits, self._fresh, self._wrong = self._digits[:-1], False, False
        self._draw()

    def _empty(self) -> None:
        self._close("")

    def _take(self) -> None:
        self._wrong = bool(self._why_not())
        if self._wrong:
            self._draw()
        else:
            self._close(to_html(self._request.kind, self._digits))

    def _why_not(self) -> str:
        """"" where it may be taken. HTML writes days and times so that the order of texts is that of time."""
        kind = self._request.kind
        value = to_html(kind, self._digits)
        if value is None:
            return self.look.say(f"ui.pick.{kind}.wrong")
        least, most = self._request.least, self._request.most
        if to_digits(kind, least) and value < least:
            return self.look.say("ui.pick.early", limit=shown(kind, to_digits(kind, least)))
        if to_digits(kind, most) and value > most:
            return self.look.say("ui.pick.late", limit=shown(kind, to_digits(kind, most)))
        return ""

    def _draw(self) -> None:
        kind = self._request.kind
        self._figures.setText(shown(kind, self._digits))
        self._figures.setAccessibleName(self._figures.text())
        said = self._why_not() if self._wrong else self.look.say(f"ui.pick.{kind}.hint")
        self._hint.setText(said)
        self._hint.setProperty("role", "chrome-strong" if self._wrong else "chrome")
        self._hint.style().polish(self._hint)

    # ---- colours ---------------------------------------------------------------------------------

    def _colours(self) -> QLayout:
        look = self.look
        body = column(label(look.say("ui.pick.color.title"), "title"), gap=look.theme.gap)
        body.addWidget(Grid(look, [self._swatch(name, code) for name, code in COLOURS.items()], most=4))
        return body

    def _swatch(self, name: str, code: str) -> ActionButton:
        words = self.look.say(f"ui.pick.color.{name}")
        kind = "chosen" if self._request.value == code else "secondary"
        return _Swatch(self.look, words, lambda: self._close(code), kind, code)


class _Swatch(ActionButton):
    """A button that shows its colour beside its name."""

    def __init__(self, look: Look, words: str, tap: Callable[[], object], kind: str, code: str) -> None:
        super().__init__(look, words, tap, kind=kind, small=True)
        side = self._icon_side
        self._picture = QPixmap(side, side)
        self._picture.fill(QColor("#444444"))
        painter = QPainter(self._picture)
        painter.fillRect(2, 2, side - 4, side - 4, QColor(code))
        painter.end()

    @property
    def _icon_side(self) -> int:
        return self.look.theme.mm(11)
