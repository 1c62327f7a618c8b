"""What of a window may be heard: only texts that know where they come from (`kioskcore.told.Told`)."""

from collections.abc import Iterator

from PySide6.QtWidgets import QLabel, QWidget

from kioskcore.told import Told
from ui.widgets.buttons import ActionButton

_CHOICES = ("choice", "choice-row", "tick")

Said = tuple[Told, QWidget]


def told_by(widget: QWidget) -> tuple[Told, ...]:
    """What this label or button says."""
    return getattr(widget, "told", ()) if isinstance(widget, QLabel | ActionButton) else ()


def page_of(root: QWidget) -> list[Said]:
    """The texts and choices of a page in the order in which they are read. Its small buttons are left out."""
    shown = [widget for widget in _below(root) if _is_read(widget)]
    return [(told, widget) for widget in shown for told in told_by(widget)]


def widget_at(root: QWidget, spot: QWidget | None) -> QWidget | None:
    """What a finger on `spot` means: the label or button there, up to `root`."""
    while spot is not None and spot is not root:
        if isinstance(spot, ActionButton) or told_by(spot):
            return spot
        spot = spot.parentWidget()
    return None


def _is_read(widget: QWidget) -> bool:
    if isinstance(widget, ActionButton):
        return widget.kind in _CHOICES or widget.big or (widget.kind == "primary" and widget.chrome)
    return True


def _below(root: QWidget) -> Iterator[QWidget]:
    """What shows, in the order of the layouts, which is the order of children."""
    for child in root.children():
        if isinstance(child, QWidget) and not child.isHidden():
            yield child
            yield from _below(child)
