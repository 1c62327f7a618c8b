"""The machine's screens: the kiosk fills one, every other one is black, whatever is plugged in or turned."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QPalette, QScreen
from PySide6.QtWidgets import QWidget

from kioskcore.config import Config

_SETTLE_MS = 200
"""A plugged screen comes in several steps: its size, its place, its density."""


class Screens(QObject):
    """`fill()` shows the window on the whole first screen, without relying on a window manager.

    `measure` is called whenever a screen may have another density: a scale is set, another one is plugged in.
    Nothing of the visit may show on a second screen, nor the desk of the system lie open there.
    """

    def __init__(
        self,
        application: QGuiApplication,
        window: QWidget,
        config: Config,
        measure: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(window)
        self._measure = measure
        self._application, self._window = application, window
        self._full = config.screen.full_screen
        self._blinds: dict[QScreen, QWidget] = {}
        self._soon = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self._soon.timeout.connect(self.fill)
        application.screenAdded.connect(self._watch)
        application.screenRemoved.connect(self._removed)
        application.primaryScreenChanged.connect(self._changed)
        for screen in application.screens():
            self._watch(screen)

    def fill(self) -> None:
        window, screen = self._window, self._application.primaryScreen()
        if self._full:
            window.setGeometry(screen.geometry())
            window.showFullScreen()
            for other in self._application.screens():
                if other is not screen and not other.geometry().intersects(screen.geometry()):
                    self._blind(other)
            self._unblind(screen)
        else:
            window.resize(screen.availableGeometry().size())
            window.move(QPoint(0, 0))
            window.show()
        self._measure()

    @property
    def blinds(self) -> list[QWidget]:
        """The black windows that show now."""
        return list(self._blinds.values())

    def close(self) -> None:
        for screen in list(self._blinds):
            self._unblind(screen)

    def _watch(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._changed)
        screen.physicalDotsPerInchChanged.connect(self._changed)
        self._soon.start()

    def _changed(self, _what: object) -> None:
        self._soon.start()

    def _removed(self, screen: QScreen) -> None:
        self._unblind(screen)
        self._soon.start()

    def _blind(self, screen: QScreen) -> None:
        blind = self._blinds.get(screen)
        if blind is None:
            blind = self._blinds[screen] = _Blind()
        blind.setScreen(screen)
        blind.setGeometry(screen.geometry())
        blind.show()

    def _unblind(self, screen: QScreen) -> None:
        blind = self._blinds.pop(screen, None)
        if blind is not None:
            blind.hide()
            blind.deleteLater()


class _Blind(QWidget):
    """Black, without a cursor, never given the keys."""

    def __init__(self) -> None:
        super().__init__()
        flags = Qt.WindowType
        self.setWindowFlags(
            flags.Window
            | flags.FramelessWindowHint
            | flags.WindowDoesNotAcceptFocus
            | flags.BypassWindowManagerHint
        )
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setCursor(Qt.CursorShape.BlankCursor)
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Window, QColor(Qt.GlobalColor.black))
        self.setPalette(palette)
