"""Where a page that is moved may end, so that no line of text and no button is cut through."""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFrame, QLabel, QWidget

_LEAST = 0.5
"""Of the room: what would leave less than that is taller than a page itself, and is cut."""


def whole_part(sheet: QWidget, top: int, room: int) -> tuple[int, int]:
    """First and last row (exclusive) of `sheet` to show of the `room` rows from `top` on, in its pixels."""
    spans = _spans(sheet, sheet)
    end = min(top + room, sheet.height())
    first, last = _after(spans, top), _before(spans, end)
    if last - top < _LEAST * room:
        last = end
    if end - first < _LEAST * room:
        first = top
    held = _held(sheet)
    if held is not None and top <= held[0] and held[1] <= end:  # what the keys are at stays in sight
        first, last = min(first, held[0]), max(last, held[1])
    return first, last


def _before(spans: list[tuple[int, int]], row: int) -> int:
    """The last row up to `row` at which nothing is cut through."""
    while cut := [top for top, bottom in spans if top < row < bottom]:
        row = min(cut)
    return row


def _after(spans: list[tuple[int, int]], row: int) -> int:
    while cut := [bottom for top, bottom in spans if top < row < bottom]:
        row = max(cut)
    return row


def _spans(sheet: QWidget, widget: QWidget) -> list[tuple[int, int]]:
    """Rows that belong together: of a text each line, of a frame its edges and what is next to them."""
    below = [child for child in widget.children() if isinstance(child, QWidget) and not child.isHidden()]
    if not below:
        return list(_lines(sheet, widget))
    spans = [span for child in below for span in _spans(sheet, child)]
    if isinstance(widget, QFrame):
        top, bottom = _rows(sheet, widget)
        spans += [(top, min(end for _, end in spans)), (max(start for start, _ in spans), bottom)]
    return spans


def _lines(sheet: QWidget, leaf: QWidget) -> Iterator[tuple[int, int]]:
    top, bottom = _rows(sheet, leaf)
    if isinstance(leaf, QLabel) and leaf.wordWrap() and leaf.text():
        inside = leaf.contentsRect()
        number = max(1, round(inside.height() / leaf.fontMetrics().lineSpacing()))
        rows = [top + inside.top() + round(at * inside.height() / number) for at in range(number + 1)]
        yield from pairwise(rows)
    else:
        yield top, bottom


def _rows(sheet: QWidget, widget: QWidget) -> tuple[int, int]:
    top = widget.mapTo(sheet, QPoint(0, 0)).y()
    return top, top + widget.height()


def _held(sheet: QWidget) -> tuple[int, int] | None:
    focus = sheet.window().focusWidget()
    return _rows(sheet, focus) if focus is not None and sheet.isAncestorOf(focus) else None
