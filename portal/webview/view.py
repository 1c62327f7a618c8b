"""The view of the page, without the windows that Chromium would open over the kiosk for a finger."""

from PySide6.QtCore import QChildEvent, QEvent, Qt
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget


class View(QWebEngineView):
    """Takes no files, has no menu, and a finger that rests on a word gets none either."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setAcceptDrops(False)

    def childEvent(self, event: QChildEvent) -> None:
        """Cut, copy, paste and "..." in small English letters: Qt shows them in a window of its own, in spite
        of the policy for menus. It is polished just before it shows, when it is whole and can be stopped.

        Lists of a page are windows of the type Popup and stay.
        """
        if event.type() != QEvent.Type.ChildPolished:
            return
        child = event.child()
        if isinstance(child, QWidget) and child.windowType() == Qt.WindowType.Window:
            child.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
