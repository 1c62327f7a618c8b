"""From a tap on an on-screen key to the character in a web field, and what the composer itself costs.

Prints p50 and p95 in milliseconds. The way back from the page (its title) is counted in, so the letter is
there sooner than this says. Usage: .venv/bin/python tests/bench/keyboard.py [taps]
"""

import os
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--disable-gpu")
if os.name == "posix" and os.getuid() == 0:
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")

from kioskcore.constants import pin_constants  # noqa: E402

pin_constants()

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget  # noqa: E402

from kioskcore.words import load_words  # noqa: E402
from ui.keyboard.composer import Composer  # noqa: E402
from ui.keyboard.keyboard import WORDS_FOLDER, Keyboard  # noqa: E402
from ui.keyboard.layouts import Act  # noqa: E402

TEXT = "nguyeenx thij huwowngf tieengs vieetj dduwowcj truwowngf "
PAGE = """<meta charset=utf-8><body onload="box.focus()"><input id=box
  oninput="document.title = 'have ' + value">"""


def spin(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def figures(name: str, milliseconds: list[float]) -> str:
    p50, p95 = statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1]
    return f"{name}: p50 {p50:.2f} ms, p95 {p95:.2f} ms (n={len(milliseconds)})"


def tap_to_web(taps: int) -> list[float]:
    from PySide6.QtWebEngineWidgets import QWebEngineView

    window, view = QWidget(), QWebEngineView()
    keyboard = Keyboard(84 / 25.4, load_words([WORDS_FOLDER])["vi"], guard_seconds=0)
    keyboard.set_page(lambda: view.page().mainFrame())
    layout = QVBoxLayout(window)
    layout.addWidget(view, 1)
    layout.addWidget(keyboard)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    view.setHtml(PAGE)
    view.setFocus()
    while not keyboard.isVisible():
        spin(50)
    spin(1000)
    keys = {key.spec.value: key for key in keyboard.board.all_keys if key.spec.act is Act.TEXT}
    keys[" "] = next(key for key in keyboard.board.all_keys if key.spec.act is Act.SPACE)
    took: list[float] = []
    twin, wanted = Composer(), ""
    for number in range(taps):
        letter = TEXT[number % len(TEXT)]
        edit = twin.key(letter)
        wanted = wanted[: len(wanted) - edit.delete] + edit.insert
        start = time.perf_counter()
        QTest.mouseClick(keys[letter], Qt.MouseButton.LeftButton)
        while view.title() != f"have {wanted}".rstrip():  # a title has no space at its end
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if time.perf_counter() - start > 5:
                raise SystemExit(f"the page has {view.title()!r}, not {wanted!r}")
        took.append((time.perf_counter() - start) * 1000)
        spin(60)
    keyboard.set_enabled(False)
    view.deleteLater()
    window.close()
    spin(100)
    return took


def composing() -> list[float]:
    took: list[float] = []
    for _ in range(50):
        composer = Composer()
        for key in TEXT:
            start = time.perf_counter()
            composer.key(key)
            took.append((time.perf_counter() - start) * 1000)
    return took


def main() -> None:
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    application = QApplication([])
    taps = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    sys.stdout.write(figures("composer, one key", composing()) + "\n")
    sys.stdout.write(figures("tap to character in the web field", tap_to_web(taps)) + "\n")
    application.quit()


if __name__ == "__main__":
    main()
