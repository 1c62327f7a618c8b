"""The keyboard's way through the window: Tab goes in reading order, and what is drawn anew keeps the focus.

Qt goes by the age of widgets, which here are made anew all the time: its order means nothing, and where the
focused control is thrown away, the next key would press a button nobody chose.
"""

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLayout, QLineEdit, QWidget
from shiboken6 import isValid


def keep_focus(root: QWidget) -> Callable[[], None]:
    """Call before the inside of `root` is replaced, and the answer after it: same kind, same rank."""
    now = QApplication.focusWidget()
    if now is None or now is root or not root.isAncestorOf(now):
        return lambda: None
    kind = type(now)
    before = _all(root, kind)
    rank = before.index(now) if now in before else len(before)
    cursor = now.cursorPosition() if isinstance(now, QLineEdit) else 0

    def give_back() -> None:
        found = _all(root, kind)
        if rank >= len(found):
            return
        back = found[rank]
        if isinstance(back, QLineEdit):  # reached by Tab it selects its text, and the next letter replaces it
            back.setFocus(Qt.FocusReason.OtherFocusReason)
            back.setCursorPosition(cursor)
        else:
            take_focus(back)

    return give_back


def hold_focus(root: QWidget) -> Callable[[], None]:
    """Call before something comes over `root`, the answer once it is gone: to where it was, else its like."""
    now, like = QApplication.focusWidget(), keep_focus(root)

    def give_back() -> None:
        if now is None or not isValid(now):
            like()
        elif isinstance(now, QAbstractButton):
            take_focus(now)
        else:  # a page that gets the focus by Tab would go to its first field
            now.setFocus(Qt.FocusReason.OtherFocusReason)

    return give_back


def take_focus(widget: QWidget) -> None:
    """As if reached by Tab: who moves about by keyboard sees the ring."""
    widget.setFocus(Qt.FocusReason.TabFocusReason)


def stops(root: QWidget) -> list[QWidget]:
    """What Tab reaches inside `root` now, in the order of the layouts. A web page is one stop."""
    return list(_stops(root))


def move_focus(order: Sequence[QWidget], forward: bool) -> None:
    """To the next of `order` after the focus, round and round; from elsewhere to the first or last."""
    if not order:
        return
    now = QApplication.focusWidget()
    at = next((n for n, w in enumerate(order) if now is not None and (w is now or w.isAncestorOf(now))), None)
    step = 1 if forward else -1
    if at is None:
        at = -1 if forward else 0
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    order[(at + step) % len(order)].setFocus(reason)


def _stops(widget: QWidget) -> Iterator[QWidget]:
    if not widget.isVisible() or not widget.isEnabled():
        return
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield widget
        return
    layout = widget.layout()
    laid = list(_laid(layout)) if layout is not None else []
    rest = [child for child in widget.children() if isinstance(child, QWidget) and child not in laid]
    for child in (*laid, *rest):
        yield from _stops(child)


def _laid(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        assert item is not None
        inside, widget = item.layout(), item.widget()
        if widget is not None:
            yield widget
        elif inside is not None:
            yield from _laid(inside)


def _all(root: QWidget, kind: type[QWidget]) -> list[QWidget]:
    return [widget for widget in root.findChildren(kind) if type(widget) is kind and widget.isVisibleTo(root)]
