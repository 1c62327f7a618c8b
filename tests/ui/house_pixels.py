"""Whether what is painted can be read: every text and pictogram against what really lies behind it."""

from collections.abc import Iterator

import numpy as np
from house import name_of, seen, top_of
from house_order import heard
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from ui.keyboard.key import Key
from ui.shell import Shell
from ui.widgets.blocks import Figures
from ui.widgets.buttons import ActionButton
from ui.widgets.icons import Pictogram

WRITING, DRAWING = 4.5, 3.0
STRONG_WRITING = 7.0
_FEW = 4
"""Pixels of one colour that are no accident of smoothed edges."""
_EVEN = 0.4
"""Share of the ground's one colour, at least; on pictures writing cannot be told from its ground."""


def pixel_faults(shell: Shell) -> list[str]:
    """What cannot be read on the present screen as it is painted; empty is good."""
    image = shell.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)[:, : image.width()]
    root = top_of(shell)
    least = STRONG_WRITING if shell.look.high_contrast else WRITING
    faults = []
    for w, rect, needed in _places(shell, root, least):
        part = rect.intersected(seen(shell, w))
        if part.width() < rect.width() // 2 or part.height() < min(rect.height(), shell.look.theme.body):
            continue  # mostly moved out of sight
        found, even = ink_contrast(pixels[part.top() : part.bottom() + 1, part.left() : part.right() + 1])
        if found < needed:
            faults.append(f"{name_of(w)!r} has a contrast of {found:.1f}, needs {needed}")
        elif not even:
            faults.append(f"{name_of(w)!r} is written on an uneven ground")
    return faults


def ink_contrast(pixels: np.ndarray) -> tuple[float, bool]:
    """WCAG contrast of the ink and its ground (1 where nothing is painted), whether the ground is even."""
    colours, counts = np.unique(pixels & 0xFFFFFF, return_counts=True)
    light = _luminance(colours)
    ground = light[counts.argmax()]
    ratios = (np.maximum(light, ground) + 0.05) / (np.minimum(light, ground) + 0.05)
    inks = ratios[counts >= _FEW]
    return float(inks.max()), bool(counts.max() >= _EVEN * pixels.size)


def _luminance(colours: np.ndarray) -> np.ndarray:
    parts = np.stack([(colours >> shift) & 0xFF for shift in (16, 8, 0)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return np.array([0.2126, 0.7152, 0.0722]) @ linear


def _places(shell: Shell, root: QWidget, least: float) -> Iterator[tuple[QWidget, QRect, float]]:
    """Each text and pictogram with its place on the window and the contrast that it needs."""
    for w in heard(root):
        if isinstance(w, ActionButton):
            texts, icon = w.painted_at()
            for rect in texts:
                yield w, _on(shell, w, rect), least
            if icon is not None:
                yield w, _on(shell, w, icon), DRAWING
        elif isinstance(w, Figures) or (isinstance(w, QLabel) and w.text()):
            yield w, _on(shell, w, w.contentsRect()), least
        elif isinstance(w, QLineEdit):
            yield w, _on(shell, w, w.rect().adjusted(8, 8, -8, -8)), least
    for w in root.findChildren(Pictogram):
        if w.isVisible():
            yield w, _on(shell, w, w.rect()), DRAWING
    for key in root.findChildren(Key):
        if key.isVisible():
            yield key, _on(shell, key, key.rect().adjusted(6, 6, -6, -6)), WRITING


def _on(shell: Shell, w: QWidget, rect: QRect) -> QRect:
    return rect.translated(w.mapTo(shell, QPoint(0, 0)))
