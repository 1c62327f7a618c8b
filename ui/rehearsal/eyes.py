"""Finds widgets of the kiosk as a person does: by the words on or beside them, among what is on top."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QFormLayout,
    QGroupBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

_FIELDS = (QLineEdit, QPlainTextEdit, QTextEdit, QComboBox)
_NEAR = 60  # pixels between a field and the words that name it


@dataclass(frozen=True)
class Spot:
    """A place to tap: a rectangle in the widget's own pixels. `fit`: 0 exact, 1 contains."""

    widget: QWidget
    rect: QRect
    fit: int

    def point(self) -> QPoint:
        return self.rect.center()


def fold(text: str) -> str:
    """For comparing: one encoding of the letters, no case, single spaces, no tags, no mnemonics."""
    text = re.sub(r"</?[A-Za-z][^<>]*>", " ", text)
    text = text.replace("&&", "\0").replace("&", "").replace("\0", "&")
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def bare(text: str) -> str:
    return fold(text).rstrip(" :*()")


def fit(text: str, wanted: str) -> int | None:
    """0 for the same words, 1 where they are contained, None otherwise; `wanted` is folded already."""
    seen = fold(text)
    if not seen or not wanted:
        return None
    if wanted in (seen, bare(text)):
        return 0
    return 1 if wanted in seen else None


def on_top() -> Sequence[QWidget]:
    """The top-level widgets a hand can reach: a popup alone, or a modal dialog, or all shown windows."""
    popup, modal = QApplication.activePopupWidget(), QApplication.activeModalWidget()
    if popup is not None and popup.isVisible():
        return [popup]
    shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    popups = [widget for widget in shown if widget.windowType() == Qt.WindowType.Popup]
    if modal is not None and modal.isVisible():
        return [modal, *popups]
    return shown


def words_of(widget: QWidget) -> Iterator[str]:
    """What a person reads, or hears, of this widget."""
    if isinstance(widget, QAbstractButton | QLabel):
        yield widget.text()
    elif isinstance(widget, QLineEdit):
        yield widget.text() if widget.echoMode() == QLineEdit.EchoMode.Normal else ""
    elif isinstance(widget, QGroupBox):
        yield widget.title()
    elif isinstance(widget, QComboBox):
        yield widget.currentText()
    elif isinstance(widget, QPlainTextEdit | QTextEdit):
        yield widget.toPlainText()
    yield widget.accessibleName()


def typed_in(widget: QWidget) -> str:
    """What stands in a field of the kiosk."""
    if isinstance(widget, QLineEdit):
        return widget.text()
    return widget.toPlainText() if isinstance(widget, QPlainTextEdit | QTextEdit) else ""


def _visible(roots: Sequence[QWidget]) -> Iterator[QWidget]:
    for root in roots:
        yield root
        for widget in root.findChildren(QWidget):
            if widget.isVisible() and widget.window() is root:
                yield widget


def find(text: str, nth: int = 0) -> Spot | None:
    """The nth best hit; buttons and list rows before plain words."""
    wanted = bare(text) or fold(text)
    hits: list[tuple[int, int, int, Spot]] = []
    for number, widget in enumerate(_visible(on_top())):
        for words, rect in _rows(widget):
            value = fit(words, wanted)
            if value is not None:
                hits.append((value, 0, number, Spot(widget, rect, value)))
        fits = [value for value in (fit(words, wanted) for words in words_of(widget)) if value is not None]
        if fits:
            plain = 0 if isinstance(widget, QAbstractButton) else 1
            hits.append((min(fits), plain, number, Spot(widget, widget.rect(), min(fits))))
    return _pick(hits, nth)


def find_id(name: str) -> Spot | None:
    """A widget by its `paper_id` property or object name: for things whose title may change."""
    for widget in _visible(on_top()):
        if name in (widget.property("paper_id"), widget.objectName()):
            return Spot(widget, widget.rect(), 0)
    return None


def find_field(label: str, nth: int = 0) -> Spot | None:
    """A field by its buddy, form row, accessible name, placeholder, or the words left of or above it."""
    wanted = bare(label)
    hits: list[tuple[int, int, int, Spot]] = []
    for number, widget in enumerate(_visible(on_top())):
        if not isinstance(widget, _FIELDS):
            continue
        for cost, words in enumerate(_names_of(widget)):
            value = fit(words, wanted)
            if value is not None:
                hits.append((value, cost, number, Spot(widget, widget.rect(), value)))
                break
    return _pick(hits, nth)


def texts() -> str:
    """All words of the kiosk's visible windows, one widget a line."""
    lines: list[str] = []
    for widget in _visible(on_top()):
        lines += [words for words in words_of(widget) if words]
        lines += [words for words, _ in _rows(widget)]
    return "\n".join(lines)


def reachable(spot: Spot) -> str:
    """"" where a tap would meet the widget, else DISABLED, OUTSIDE (scrolled away) or COVERED."""
    if not spot.widget.isEnabled():
        return "DISABLED"
    window = spot.widget.window()
    point = spot.point()
    area = scroll_area_of(spot.widget)
    port = area.viewport() if area is not None else window
    shown = port.mask().boundingRect() if not port.mask().isEmpty() else port.rect()
    inside = shown.contains(spot.widget.mapTo(window, point) - port.mapTo(window, QPoint(0, 0)))
    if not (inside and spot.widget.visibleRegion().contains(point)):
        return "COVERED" if inside else "OUTSIDE"  # under an opaque card, or moved away
    met = window.childAt(spot.widget.mapTo(window, point)) or window
    return "" if met is spot.widget or spot.widget.isAncestorOf(met) or met is window else "COVERED"


def scroll_area_of(widget: QWidget) -> QAbstractScrollArea | None:
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QAbstractScrollArea):
        parent = parent.parentWidget()
    return parent


def _pick(hits: list[tuple[int, int, int, Spot]], nth: int) -> Spot | None:
    """Sorted by fit, then uncovered first (a card may lie over the same words), kind, reading order.

    nth counts among equally good hits only.
    """
    ranked = sorted(
        ((value, reachable(spot) == "COVERED", kind, number, spot) for value, kind, number, spot in hits),
        key=lambda hit: hit[:4],
    )
    equal = [hit for hit in ranked if hit[:3] == ranked[0][:3]]
    return equal[nth][4] if nth < len(equal) else None


def _rows(widget: QWidget) -> Iterator[tuple[str, QRect]]:
    """Texts inside a widget that are no widgets themselves: tabs, rows of lists; in the widget's pixels."""
    if isinstance(widget, QTabBar):
        for index in range(widget.count()):
            yield widget.tabText(index), widget.tabRect(index)
        return
    view = widget.parentWidget()
    if not isinstance(view, QAbstractItemView) or view.viewport() is not widget:
        return
    model = view.model()
    for row in range(min(model.rowCount(view.rootIndex()), 500) if model is not None else 0):
        for column in range(min(model.columnCount(view.rootIndex()), 20)):
            cell = model.index(row, column, view.rootIndex())
            rect = view.visualRect(cell)
            if rect.isValid():
                yield str(cell.data(Qt.ItemDataRole.DisplayRole) or ""), rect


def _names_of(field: QWidget) -> Iterator[str]:
    """From the surest to the weakest."""
    window = field.window()
    labels = [label for label in window.findChildren(QLabel) if label.isVisible()]
    yield from (label.text() for label in labels if label.buddy() is field)
    yield field.accessibleName()
    parent = field.parentWidget()
    layout = parent.layout() if parent is not None else None
    row = layout.labelForField(field) if isinstance(layout, QFormLayout) else None
    if isinstance(row, QLabel):
        yield row.text()
    if isinstance(field, QLineEdit | QPlainTextEdit | QTextEdit):
        yield field.placeholderText()
    near = min(labels, key=lambda label: _distance(label, field), default=None)
    if near is not None and _distance(near, field) <= _NEAR:
        yield near.text()


def _distance(label: QWidget, field: QWidget) -> float:
    """Pixels from words to a field that they stand left of or above; infinite for words elsewhere."""
    window = field.window()
    there = QRect(label.mapTo(window, QPoint(0, 0)), label.size())
    here = QRect(field.mapTo(window, QPoint(0, 0)), field.size())
    if there.right() <= here.left() and there.bottom() > here.top() and there.top() < here.bottom():
        return here.left() - there.right()
    if there.bottom() <= here.top() and there.right() > here.left() and there.left() < here.right():
        return here.top() - there.bottom()
    return float("inf")
