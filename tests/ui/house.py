"""The rules of the house, held against whatever window is open: sizes, gaps, whole words, help at hand."""

from itertools import combinations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QWidget

from ui.shell import Shell
from ui.widgets.blocks import Figures
from ui.widgets.buttons import ActionButton


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


def rule_faults(shell: Shell) -> list[str]:
    """What breaks a rule on the present screen; empty is good."""
    overlays = shell.overlays()
    root: QWidget = overlays[-1] if overlays else shell
    buttons = [b for b in root.findChildren(ActionButton) if b.isVisible()]
    faults = [fault for b in buttons for fault in _button_faults(shell, b)]
    faults += [f for w in root.findChildren(QLabel) if w.isVisible() for f in _label_faults(shell, w)]
    faults += _gap_faults(shell, buttons)
    faults += [f"a raw word key: {text}" for text in texts(root) if text.startswith("ui.")]
    if shell.screen_now is not None and shell.screen_now.has_footer:
        faults += _help_faults(shell)
    return faults


def _button_faults(shell: Shell, b: ActionButton) -> list[str]:
    theme, name = shell.look.theme, b.text() or b.accessibleName()
    least = theme.mm(16) if b.small else theme.mm(20)
    faults = []
    if min(b.width(), b.height()) < least:
        faults.append(f"button {name!r} is {b.width()}x{b.height()}, must be {least}")
    if b.text_needs() > b.width() or b.heightForWidth(b.width()) > b.height():
        faults.append(f"button {name!r} is cut: {b.width()}x{b.height()}, {b.heightForWidth(b.width())}")
    if not b.accessibleName():
        faults.append(f"button {name!r} has no accessible name")
    if _on_window(shell, b).right() > shell.width():
        faults.append(f"button {name!r} reaches out of the window")
    return faults


def _label_faults(shell: Shell, w: QLabel) -> list[str]:
    if not w.text():
        return []
    if _on_window(shell, w).right() > shell.width():
        return [f"{w.text()!r} reaches out of the window"]
    if isinstance(w, Figures):  # fits itself
        return []
    margins = w.width() - w.contentsRect().width()
    longest = max(QFontMetrics(w.font()).horizontalAdvance(word) for word in w.text().split())
    needed = w.heightForWidth(w.width()) if w.wordWrap() else w.sizeHint().height()
    faults = []
    if longest + margins > w.width() + 1:
        faults.append(f"a word of {w.text()!r} is wider than its place ({longest} > {w.width()})")
    if needed > w.height() + 1:
        faults.append(f"{w.text()!r} is cut: needs {needed}, has {w.height()}")
    return faults


def _gap_faults(shell: Shell, buttons: list[ActionButton]) -> list[str]:
    gap = shell.look.theme.mm(3)
    places = [(b, _seen(shell, b)) for b in buttons]
    faults = []
    for (one, a), (other, b) in combinations([(w, r) for w, r in places if not r.isEmpty()], 2):
        beside = max(a.left() - b.right() - 1, b.left() - a.right() - 1)
        below = max(a.top() - b.bottom() - 1, b.top() - a.bottom() - 1)
        if max(beside, below) < gap:
            names = [w.text() or w.accessibleName() for w in (one, other)]
            faults.append(f"only {max(beside, below)} px between {names[0]!r} and {names[1]!r}")
    return faults


def _help_faults(shell: Shell) -> list[str]:
    words = shell.look.say("ui.help.say")
    found = [b for b in shell.findChildren(ActionButton) if b.isVisible() and b.text() == words]
    if not found:
        return ["no help button"]
    place = _on_window(shell, found[0])
    return [] if shell.rect().contains(place) else ["the help button is out of the window"]


def _on_window(shell: Shell, w: QWidget) -> QRect:
    return QRect(w.mapTo(shell, QPoint(0, 0)), w.size())


def _seen(shell: Shell, w: QWidget) -> QRect:
    """The part of a widget that no scroll area hides."""
    place = _on_window(shell, w)
    above = w.parentWidget()
    while above is not None and above is not shell:
        place = place.intersected(_on_window(shell, above))
        above = above.parentWidget()
    return place
