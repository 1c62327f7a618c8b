"""The rules of the house, held against whatever window is open: sizes, gaps, whole words, order, help."""

import re
from collections.abc import Iterator
from itertools import combinations

from house_order import heard, order_faults
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QLineEdit, QScrollArea, QWidget

from ui.shell import Shell
from ui.sound.ear import page_of
from ui.widgets.blocks import Figures
from ui.widgets.buttons import ActionButton
from ui.widgets.pages import Pages

SMALL = ("place", "site", "slim", "slim-good", "practice")
"""Roles that stay as small as the fixed buttons: whose kiosk and page, codes, what stays while one types."""
RUNNING = ("", "strong", "muted", "title")


def button(root: QWidget, text: str) -> ActionButton:
    """The visible button with this text or accessible name; the topmost where a card lies above."""
    found = [
        b for b in root.findChildren(ActionButton) if b.isVisible() and text in (b.text(), b.accessibleName())
    ]
    assert found, f"no button {text!r}; there are {texts(root)}"
    return found[-1]


def texts(root: QWidget) -> list[str]:
    """Every text that shows now: labels and buttons."""
    shown = [w.text() for w in root.findChildren(QLabel) if w.isVisible()]
    for b in root.findChildren(ActionButton):
        if b.isVisible():
            shown += [b.text() or b.accessibleName(), b.note]
    return [text for text in shown if text]


def top_of(shell: Shell) -> QWidget:
    """What can be touched now: the card that lies over everything, else the window."""
    overlays = shell.overlays()
    return overlays[-1] if overlays else shell


def rule_faults(shell: Shell) -> list[str]:
    """What breaks a rule on the present screen; empty is good. Pixels are looked at by `pixel_faults`."""
    root = top_of(shell)
    buttons = [b for b in root.findChildren(ActionButton) if b.isVisible()]
    faults = [fault for b in buttons for fault in _button_faults(shell, b)]
    faults += [f for w in root.findChildren(QLabel) if w.isVisible() for f in _label_faults(shell, w)]
    faults += [f for w in root.findChildren(QLineEdit) if w.isVisible() for f in _line_faults(w)]
    faults += [f for w in root.findChildren(QScrollArea) if w.isVisible() for f in _scroll_faults(w)]
    faults += _gap_faults(shell, buttons)
    leaves = heard(root)
    faults += [fault for w in leaves for fault in _cut_faults(shell, w)]
    faults += _overlap_faults(shell, leaves)
    faults += order_faults(root)
    if not any(told.strip() for told, _ in page_of(shell)):
        faults.append("nothing of it can be heard")
    faults += [f"a raw word key: {text}" for text in texts(root) if text.startswith("ui.")]
    faults += _help_faults(shell)
    return faults + _letter_faults(shell, root)


def _letter_faults(shell: Shell, root: QWidget) -> list[str]:
    """Large letters are promised: the running text has them whole, the frame no smaller than `READ_MM`."""
    theme = shell.look.theme
    faults = []
    for w in root.findChildren(QLabel):
        role, px = str(w.property("role") or ""), w.fontInfo().pixelSize()
        least = theme.body if role in RUNNING else theme.steps[-1]
        spared = isinstance(w, Figures) or role in SMALL  # figures fit themselves
        if w.isVisible() and w.text() and not spared and px < least:
            faults.append(f"{w.text()!r} has letters of {px}, must be {least}")
    return faults


def name_of(w: QWidget) -> str:
    """As a person would call it."""
    text = w.text() if isinstance(w, QLabel | ActionButton) else ""
    return text or w.accessibleName() or type(w).__name__


def _button_faults(shell: Shell, b: ActionButton) -> list[str]:
    theme, name = shell.look.theme, name_of(b)
    least = theme.mm(16) if b.small else theme.mm(20)
    faults = []
    if min(b.width(), b.height()) < least:
        faults.append(f"button {name!r} is {b.width()}x{b.height()}, must be {least}")
    if b.text_needs() > b.width() or b.heightForWidth(b.width()) > b.height():
        faults.append(f"button {name!r} is cut: {b.width()}x{b.height()}, {b.heightForWidth(b.width())}")
    if not b.accessibleName():
        faults.append(f"button {name!r} has no accessible name")
    return faults


def _label_faults(shell: Shell, w: QLabel) -> list[str]:
    if not w.pixmap().isNull() and not w.accessibleName():
        return ["a picture that says nothing"]
    if not w.text() or isinstance(w, Figures):  # which fits itself
        return []
    margins = w.width() - w.contentsRect().width()
    words = re.split(r"[\s\u200b]+", w.text())
    longest = max(QFontMetrics(w.font()).horizontalAdvance(word) for word in words)
    needed = w.heightForWidth(w.width()) if w.wordWrap() else w.sizeHint().height()
    faults = []
    if longest + margins > w.width() + 1:
        faults.append(f"a word of {w.text()!r} is wider than its place ({longest} > {w.width()})")
    if needed > w.height() + 1:
        faults.append(f"{w.text()!r} is cut: needs {needed}, has {w.height()}")
    return faults


def _line_faults(w: QLineEdit) -> list[str]:
    """An example that ends in the middle teaches nothing."""
    words = w.placeholderText()
    room = w.width() - w.minimumSizeHint().width() + w.fontMetrics().maxWidth()
    needed = w.fontMetrics().horizontalAdvance(words)
    faults = [f"the example {words!r} is cut: needs {needed}, has {room}"] if needed > room else []
    return faults if w.accessibleName() else [*faults, f"field {words!r} has no accessible name"]


def _scroll_faults(area: QScrollArea) -> list[str]:
    """Nobody guesses that there is more: where a page moves, its two big buttons show."""
    pages = area.parentWidget()
    across, enlarged = area.horizontalScrollBar().maximum() > 0, isinstance(pages, Pages) and pages.wide > 1
    faults = ["the page moves sideways"] if across and not enlarged else []
    if across or area.verticalScrollBar().maximum() > 0:
        movers = pages.movers if isinstance(pages, Pages) else []
        if not any(mover.isVisible() and mover.isEnabled() for mover in movers):
            faults.append("the page goes on below without a button that says so")
    return faults


def _gap_faults(shell: Shell, buttons: list[ActionButton]) -> list[str]:
    gap = shell.look.theme.mm(3)
    places = [(b, seen(shell, b)) for b in buttons]
    shown = [(w, (r.left(), r.top(), r.right() + 1, r.bottom() + 1)) for w, r in places if not r.isEmpty()]
    faults = []
    for (one, a), (other, b) in combinations(shown, 2):
        apart = max(a[0] - b[2], b[0] - a[2], a[1] - b[3], b[1] - a[3])
        if apart < gap:
            faults.append(f"only {apart} px between {name_of(one)!r} and {name_of(other)!r}")
    return faults


def _cut_faults(shell: Shell, w: QWidget) -> list[str]:
    """Whatever a frame or the window hides for good; a page can be moved up and down, enlarged across too."""
    place, moves = on_window(shell, w), False
    for above in _above(shell, w):
        room = on_window(shell, above)
        area = above.parentWidget()
        if isinstance(area, QAbstractScrollArea):
            pages, moves = area.parentWidget(), True
            if isinstance(pages, Pages) and pages.wide > 1:
                place = QRect(room.left(), room.top(), 1, 1)
        if moves:
            place = QRect(place.left(), room.top(), place.width(), 1)
        if not room.adjusted(-1, -1, 1, 1).contains(place):
            kind = "the window" if above is shell else type(above).__name__
            return [f"{name_of(w)!r} reaches out of {kind}: {place.getRect()} in {room.getRect()}"]
    return []


def _overlap_faults(shell: Shell, leaves: list[QWidget]) -> list[str]:
    places = [(w, seen(shell, w)) for w in leaves]
    shown = [(w, (r.left(), r.top(), r.right(), r.bottom())) for w, r in places if not r.isEmpty()]
    faults = []
    for (one, a), (other, b) in combinations(shown, 2):
        wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        if wide > 1 and high > 1 and not one.isAncestorOf(other) and not other.isAncestorOf(one):
            faults.append(f"{name_of(one)!r} and {name_of(other)!r} lie over each other")
    return faults


def _help_faults(shell: Shell) -> list[str]:
    words = shell.look.say("ui.help.say")
    found = [b for b in shell.findChildren(ActionButton) if b.isVisible() and b.text() == words]
    if not found:
        return ["no help button"]
    place = on_window(shell, found[0])
    return [] if shell.rect().contains(place) else ["the help button is out of the window"]


def on_window(shell: Shell, w: QWidget) -> QRect:
    return QRect(w.mapTo(shell, QPoint(0, 0)), w.size())


def seen(shell: Shell, w: QWidget) -> QRect:
    """The part of a widget that no scroll area and no mask hides."""
    place = on_window(shell, w)
    for above in _above(shell, w):
        place = place.intersected(on_window(shell, above))
        if not above.mask().isEmpty():
            shown = above.mask().boundingRect()
            place = place.intersected(shown.translated(above.mapTo(shell, QPoint(0, 0))))
    return place


def _above(shell: Shell, w: QWidget) -> Iterator[QWidget]:
    above = w.parentWidget()
    while above is not None:
        yield above
        above = above.parentWidget() if above is not shell else None
