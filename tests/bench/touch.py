"""From a touch to the next screen painted, over the whole road of a visit; the reference is a bare button.

Prints p50 and p95 in milliseconds, by the clock and as time that the thread had the processor (a busy machine
stretches the first only), and the ratio to the reference of the same run: a bare button that writes a word.
Usage: .venv/bin/python tests/bench/touch.py [rounds]
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from kioskcore.constants import pin_constants  # noqa: E402

pin_constants()

from PySide6.QtCore import QEvent, QObject, Qt  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget  # noqa: E402

from kioskcore.config import Config  # noqa: E402
from ui.gallery_stage import Shape, Stage, settle  # noqa: E402
from ui.theme import load_fonts  # noqa: E402
from ui.veil import VEIL_MS  # noqa: E402
from ui.widgets.buttons import ActionButton  # noqa: E402

ROAD = (
    "Chạm để bắt đầu",
    "Giấy khai sinh, hộ tịch",
    "Bản sao giấy khai sinh, trích lục hộ tịch",
    *("Đi tiếp",) * 2,
    *("Có", "Đi tiếp") * 5,
    "Tôi không cần quét giấy",
    "Đổi. Chuẩn bị",
    *("Đi tiếp",) * 4,
    "Xong, xem lại",
    "Sang trang nộp",
    "Tôi cần giúp",
)


class Painted(QObject):
    """Notes when something was painted last; an event filter of the application."""

    def __init__(self) -> None:
        super().__init__()
        self.at = self.worked = 0.0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Paint, QEvent.Type.UpdateRequest):
            self.at, self.worked = time.perf_counter(), time.thread_time()
        return False


def touch(painted: Painted, widget: QWidget) -> tuple[float, float]:
    """Milliseconds from the press until the window has nothing more to paint: by the clock, of the thread."""
    start, begun = time.perf_counter(), time.thread_time()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
    for _ in range(3):
        QApplication.processEvents()
    return (painted.at - start) * 1000, (painted.worked - begun) * 1000


def find(root: QWidget, name: str) -> ActionButton:
    for button in root.findChildren(ActionButton):
        if button.isVisible() and button.isEnabled() and name in (button.text(), button.accessibleName()):
            return button
    raise SystemExit(f"no button {name!r}")


def road(painted: Painted, folder: Path) -> list[tuple[float, float]]:
    stage = Stage(Config(), Shape(1366, 768), folder)
    settle(stage)
    took = []
    for name in ROAD:
        button = find(stage.shell, name)
        took.append(touch(painted, button))
        QTest.qWait(VEIL_MS + 50)
    stage.close()
    settle()
    return took


def bare(painted: Painted, rounds: int) -> list[tuple[float, float]]:
    window = QWidget()
    layout, button, words = QVBoxLayout(window), QPushButton("x"), QLabel("")
    layout.addWidget(button)
    layout.addWidget(words)
    button.clicked.connect(lambda: words.setText(words.text() + "x"))
    window.resize(1366, 768)
    window.show()
    QTest.qWait(100)
    return [touch(painted, button) for _ in range(rounds)]


def figures(name: str, took: list[tuple[float, float]]) -> float:
    """Print both; the median of the thread's time."""
    sys.stdout.write(f"{name} (n={len(took)})\n")
    for how, times in zip(("by the clock", "of the thread"), zip(*took, strict=True), strict=True):
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        sys.stdout.write(f"  {how}: p50 {p50:.1f} ms, p95 {p95:.1f} ms\n")
    return p50


def main() -> None:
    application = QApplication([])
    load_fonts()
    painted = Painted()
    application.installEventFilter(painted)
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    with tempfile.TemporaryDirectory(prefix="kiosk-touch-") as folder:
        took = [one for _ in range(rounds) for one in road(painted, Path(folder))]
    reference = figures("a bare button that writes a word", bare(painted, len(took)))
    middle = figures("touch to the next screen painted", took)
    sys.stdout.write(f"ratio of the medians: {middle / reference:.1f}\n")


if __name__ == "__main__":
    main()
