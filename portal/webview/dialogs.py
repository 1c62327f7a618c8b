"""Shuts every dialog of Qt's own: a page can make Qt open one (colours), and it would lie over the kiosk."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog


class NoDialogs(QObject):
    """The kiosk itself has no QDialog; all it asks is asked inside its one window."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.focusWindowChanged.connect(self._look_soon)

    def _look_soon(self, _window: object) -> None:
        QTimer.singleShot(0, self, self.look)  # it may be half made in this moment

    def look(self) -> None:
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog) and widget.isVisible():
                widget.reject()
