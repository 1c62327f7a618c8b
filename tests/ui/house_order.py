"""In which order a window is seen, heard by a screen reader and gone through by Tab: it must be one order."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QLabel, QLayout, QLineEdit, QWidget

from ui.focus import stops
from ui.widgets.buttons import ActionButton

_PRESSED = {QAccessible.Role.Button, QAccessible.Role.CheckBox}


def heard(root: QWidget) -> list[QWidget]:
    """Everything that says something, in the order in which a screen reader comes to it."""
    return [w for w in _told(QAccessible.queryAccessibleInterface(root)) if _says(w)]


def seen_order(root: QWidget) -> list[QWidget]:
    """The same as a reader's eye goes: by rows from the top, each from the left, group by group."""
    return [w for w in _by_eye(root) if _says(w)]


def order_faults(root: QWidget) -> list[str]:
    by_eye, by_ear = seen_order(root), heard(root)
    faults = []
    if by_eye != by_ear:
        at = next((n for n, (a, b) in enumerate(zip(by_eye, by_ear, strict=False)) if a is not b), -1)
        names = [_name(order[at]) if order else "nothing" for order in (by_ear, by_eye)]
        faults.append(f"heard before its turn: {names[0]!r}, next to be read is {names[1]!r}")
    by_tab = [w for part in _parts(root) for w in stops(part)]
    wanted = [w for w in by_eye if w.isEnabled() and _takes_keys(w)]
    reached = [w for w in by_tab if w in wanted]
    if reached != wanted:
        lost = [_name(w) for w in wanted if w not in by_tab]
        faults.append(f"Tab misses {lost}" if lost else f"Tab goes {[_name(w) for w in reached]}")
    buttons = [w for w in by_tab if isinstance(w, ActionButton)]
    return faults + [f"{_name(w)!r} is no button to who listens" for w in buttons if not _pressable(w)]


def _takes_keys(w: QWidget) -> bool:
    return isinstance(w, ActionButton | QLineEdit) or bool(w.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _pressable(w: QWidget) -> bool:
    told = QAccessible.queryAccessibleInterface(w)
    return told.role() in _PRESSED and bool(told.text(QAccessible.Text.Name).strip())


def _parts(root: QWidget) -> Sequence[QWidget]:
    """Tab goes on from part to part of the window; a card is one."""
    layout = root.layout()
    if root.objectName() != "shell" or layout is None:
        return [root]
    return [item.widget() for item in _items(layout) if item.widget() is not None]


def _told(face: QAccessibleInterface) -> Iterator[QWidget]:
    for number in range(face.childCount()):
        child = face.child(number)
        widget = child.object() if child is not None else None
        if isinstance(widget, QWidget) and widget.isVisible():
            if _says(widget):
                yield widget
            else:
                yield from _told(child)


def _by_eye(widget: QWidget) -> Iterator[QWidget]:
    """Leaves below `widget`."""
    layout = widget.layout()
    if layout is not None:
        layout.activate()  # what was not painted yet stands nowhere
    laid = [] if layout is None else list(_items(layout))
    groups = [(_place(item), item) for item in laid]
    within = {w for _, item in groups for w in _widgets(item)}
    loose = [child for child in widget.children() if isinstance(child, QWidget) and child not in within]
    groups += [(child.geometry(), child) for child in loose if child.isVisible() and _holds(child)]
    for one in in_rows(groups):
        yield from _group(one)


def _group(one: object) -> Iterator[QWidget]:
    if isinstance(one, QWidget):
        if one.isVisible():
            yield from [one] if _says(one) else _by_eye(one)
        return
    inner = one.layout() if not isinstance(one, QLayout) else one
    if inner is None:
        yield from _group(one.widget())
        return
    for part in in_rows([(_place(item), item) for item in _items(inner)]):
        yield from _group(part)


def in_rows(groups: Sequence[tuple[QRect, object]]) -> list[object]:
    """Things that share half of the smaller one's height stand in one row."""
    left = sorted(groups, key=lambda group: (group[0].top(), group[0].left()))
    ordered: list[object] = []
    while left:
        first, *left = left
        beside = [first, *(group for group in left if _one_row(first[0], group[0]))]
        left = [group for group in left if group not in beside]
        ordered += [one for _, one in sorted(beside, key=lambda group: group[0].left())]
    return ordered


def _one_row(a: QRect, b: QRect) -> bool:
    common = min(a.bottom(), b.bottom()) - max(a.top(), b.top()) + 1
    return common * 2 > min(a.height(), b.height())


def _items(layout: QLayout) -> Iterator[object]:
    for number in range(layout.count()):
        item = layout.itemAt(number)
        if any(w.isVisible() for w in _widgets(item)):
            yield item


def _widgets(item: object) -> Iterator[QWidget]:
    if isinstance(item, QWidget):
        yield item
        return
    inner, widget = item.layout(), item.widget()
    if widget is not None:
        yield widget
    elif inner is not None:
        for number in range(inner.count()):
            yield from _widgets(inner.itemAt(number))


def _place(item: object) -> QRect:
    widget = item.widget()
    return widget.geometry() if widget is not None else item.geometry()


def _holds(widget: QWidget) -> bool:
    """Not a veil or a ring, which say nothing and hold nothing."""
    return _says(widget) or any(_says(child) for child in widget.findChildren(QWidget))


def _says(w: QWidget) -> bool:
    if isinstance(w, QLabel):
        return bool(w.text() or w.accessibleName())
    return isinstance(w, ActionButton) or (bool(w.accessibleName()) and not w.findChildren(ActionButton))


def _name(w: QWidget) -> str:
    text = w.text() if isinstance(w, QLabel | ActionButton) else ""
    return text or w.accessibleName() or type(w).__name__
