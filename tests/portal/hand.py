"""A finger on a page of the real browser, which taps again where Chromium dropped its tap."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWebEngineCore import QWebEngineFrame, QWebEngineScript

TRIES = 6
ARRIVES_MS = 3000
WORLD = QWebEngineScript.ScriptWorldId.UserWorld.value
"""No page sees what is counted in it."""
LISTEN = """(() => {
  if (window.taps === undefined) addEventListener("pointerdown", () => taps++, true);
  window.taps = 0;
  return performance.getEntriesByType("paint").length > 0;
})()"""
ARRIVED = "window.taps !== 0"
"""In a page that came since, nothing was counted: the tap has led there."""


def _frames(frame: QWebEngineFrame) -> list[QWebEngineFrame]:
    return [frame, *(deeper for child in frame.children() for deeper in _frames(child))]


def _asked(qtbot: Any, browser: Any, script: str) -> list[bool]:
    """Ask every frame; one that is silent for 3 s (it waits for a dialog, or is gone) has no answer."""
    frames = _frames(browser.view().page().mainFrame())
    answers: list[bool] = []
    for frame in frames:
        frame.runJavaScript(script, WORLD, lambda answer: answers.append(bool(answer)))
    for _ in range(ARRIVES_MS // 20):
        if len(answers) == len(frames):
            break
        qtbot.wait(20)
    return answers


def press(qtbot: Any, browser: Any, point: QPoint) -> None:
    """Tap at `point` of the view once the page was painted, until it feels it."""
    qtbot.waitUntil(lambda: any(_asked(qtbot, browser, LISTEN)), timeout=10_000)
    spot = browser.view().mapTo(browser.window(), point)
    for _ in range(TRIES):
        QTest.mouseClick(browser.window().windowHandle(), Qt.MouseButton.LeftButton, pos=spot)
        for _ in range(ARRIVES_MS // 50):
            answers = _asked(qtbot, browser, ARRIVED)
            if any(answers) or not answers:
                return
            qtbot.wait(50)
    raise AssertionError("no tap reached the page")


def press_until(qtbot: Any, browser: Any, spot: tuple[int, int], true: Callable[[], bool]) -> None:
    press(qtbot, browser, QPoint(*spot))
    qtbot.waitUntil(true)
