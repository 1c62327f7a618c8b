"""Numbered pictures of the screen."""

import re
from pathlib import Path

from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication


class Camera:
    """Writes NN-name.png into a folder, counting on from the pictures that are there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = len(list(folder.glob("[0-9][0-9]-*.png")))
        self._last: QImage | None = None
        self.taken: list[str] = []

    def take(self, name: str, *, only_if_changed: bool = False) -> str | None:
        """The file's name, or None where nothing changed or there is nothing to see."""
        image = look()
        if image is None or (only_if_changed and image == self._last):
            return None
        self._last = image
        self._folder.mkdir(parents=True, exist_ok=True)
        safe = re.sub(r"[^\w-]+", "-", name)
        self._number += 1
        file = f"{self._number:02d}-{safe}.png"
        image.save(str(self._folder / file))
        self.taken.append(file)
        return file


def look() -> QImage | None:
    """The screen, or where the window system shows none, the windows one over another."""
    screen = QGuiApplication.primaryScreen()
    shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    if screen is None or not shown:
        return None
    if QGuiApplication.platformName() != "offscreen":  # whose screen has no picture of web pages
        whole = screen.grabWindow(0)
        if not whole.isNull():
            return whole.toImage()
    area = screen.geometry()
    for widget in shown:
        area = area.united(widget.frameGeometry())
    image = QImage(area.size(), QImage.Format.Format_RGB32)
    image.fill(0x202020)
    painter = QPainter(image)
    for widget in sorted(shown, key=lambda one: (one.isModal(), one.windowType().value)):
        painter.drawPixmap(widget.mapToGlobal(widget.rect().topLeft()) - area.topLeft(), widget.grab())
    painter.end()
    return image
