"""The task told by drawings: one scene at a time, the next after some seconds, without sound or movement."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QWidget

from ui.widgets.blocks import label, row

SCENE_MS = 5000


class Story(QStackedWidget):
    """Scenes of (drawing, words), all given the room of the largest, so that nothing round them moves.

    It rests while it is hidden. `at`: the scene that shows.
    """

    def __init__(self, scenes: Sequence[tuple[QWidget, str]], gap: int, at: int = 0) -> None:
        super().__init__()
        for number, (drawing, words) in enumerate(scenes, 1):
            page = QWidget()
            page.setLayout(_scene(drawing, label(f"{number}. {words}", "title"), gap))
            self.addWidget(page)
        self.setCurrentIndex(at)
        self._clock = QTimer(self, interval=SCENE_MS)
        self._clock.timeout.connect(self.next)

    @property
    def at(self) -> int:
        return self.currentIndex()

    def next(self) -> None:
        """After the last scene comes the first."""
        self.setCurrentIndex((self.at + 1) % max(1, self.count()))

    def showEvent(self, event: QShowEvent) -> None:
        self._clock.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._clock.stop()
        super().hideEvent(event)


def _scene(drawing: QWidget, words: QLabel, gap: int) -> QHBoxLayout:
    scene = row(gap=gap)
    scene.addWidget(drawing, 0, Qt.AlignmentFlag.AlignVCenter)
    scene.addWidget(words, 1, Qt.AlignmentFlag.AlignVCenter)
    return scene
