"""Notices that a stick was put in or pulled out, without asking any scanner."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QStorageInfo, QTimer

LOOK_MILLISECONDS = 2000


class StickWatch(QObject):
    """Calls `changed` when a drive has come or gone; looks only while `resting` says so.

    What happens in between is noticed at the next look. `named`: folders that count as sticks.
    """

    def __init__(
        self,
        parent: QObject,
        named: Sequence[str],
        resting: Callable[[], bool],
        changed: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._named = [Path(folder) for folder in named]
        self._resting = resting
        self._changed = changed
        self._known = self._drives()
        self._timer = QTimer(self, interval=LOOK_MILLISECONDS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _drives(self) -> frozenset[str]:
        mounted = {volume.rootPath() for volume in QStorageInfo.mountedVolumes()}
        return frozenset(mounted | {str(folder) for folder in self._named if folder.is_dir()})

    def _look(self) -> None:
        if not self._resting():
            return
        drives = self._drives()
        if drives != self._known:
            self._known = drives
            self._changed()
