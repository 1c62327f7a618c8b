"""A finger on a page of the real browser."""

from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest


def press(qtbot: Any, browser: Any, point: QPoint) -> None:
    """Tap at `point` of the view once the page was painted: what comes before is dropped by Chromium."""
    painted: list[int] = []

    def look() -> bool:
        script = "performance.getEntriesByType('paint').length"
        browser.view().page().runJavaScript(script, 0, lambda number: painted.append(int(number or 0)))
        return any(painted)

    qtbot.waitUntil(look, timeout=10_000)
    spot = browser.view().mapTo(browser.window(), point)
    QTest.mouseClick(browser.window().windowHandle(), Qt.MouseButton.LeftButton, pos=spot)
