"""Pictures a second that a person sees of a camera: `tests/bench/camera_screen.py [--seconds 8] [--out PNG]`.

A film of 1080p with 30 frames a second stands in for the camera; the scan child, its lines, the files in the
work folder and the real window lie between. Named beside it: the film decoded alone, and the window's pulse.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2  # noqa: E402
from PySide6.QtCore import QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from kioskcore.config import Config  # noqa: E402
from kioskcore.ports import Device, DeviceKind  # noqa: E402
from kioskcore.visit import Event  # noqa: E402
from scanner.service import ScanChild  # noqa: E402
from tests.scanner.desk import CHILD  # noqa: E402
from tests.scanner.film import film, paper_at  # noqa: E402
from ui.gallery_stage import Shape, Stage, settle  # noqa: E402
from ui.scan_desk import Phase  # noqa: E402
from ui.theme import load_fonts  # noqa: E402
from ui.widgets.live import LivePicture  # noqa: E402

SIZE = (1920, 1080)


def alone(file: str) -> float:
    """Frames a second of OpenCV decoding the film, and nothing else."""
    capture, count, start = cv2.VideoCapture(file), 0, time.perf_counter()
    while capture.read()[0]:
        count += 1
    capture.release()
    return count / (time.perf_counter() - start)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    app = QApplication([])
    load_fonts()
    # cut at the lower edge: each still frame is judged, and never taken
    frames = [paper_at(0.5, 0.72, size=SIZE), *[paper_at(0.5, 0.73, size=SIZE)] * 29]
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        folder = Path(name)
        source = film(folder / "film.avi", frames * round(given.seconds + 4))
        settings = folder / "settings.toml"
        settings.write_text('[scan]\nsources = ["camera"]\n')
        command = [sys.executable, "-c", CHILD, str(ROOT), str(settings), str(folder / "work")]
        service = ScanChild(command, deadline_seconds=60)
        stage = Stage(Config(), Shape(*SIZE), folder)
        stage.fire(Event.TOUCH, Event.PICK, Event.TO_SCAN)
        screen = stage.flow.scan
        screen._service = service  # the gallery's own service never answers
        service.start(stage.flow.events)
        screen.devices_found([Device(source, DeviceKind.CAMERA, "")])
        screen._scan()
        gaps: list[float] = []
        work: list[float] = []  # of the window's own thread: what neighbours on the machine take is not ours
        last = (time.perf_counter(), time.thread_time())

        def beat() -> None:
            nonlocal last
            now = (time.perf_counter(), time.thread_time())
            gaps.append(now[0] - last[0])
            work.append(now[1] - last[1])
            last = now

        pulse = QTimer()
        pulse.timeout.connect(beat)
        view = next(each for each in stage.shell.findChildren(LivePicture) if each.isVisible())
        while not view.shown and screen.desk.phase is Phase.BUSY:
            app.processEvents()
        last = (time.perf_counter(), time.thread_time())
        pulse.start(10)
        begun, start = view.shown, time.perf_counter()
        while time.perf_counter() - start < given.seconds and screen.desk.phase is Phase.BUSY:
            app.processEvents()
            time.sleep(0.001)
        span, count = time.perf_counter() - start, view.shown - begun
        if given.out:
            stage.shell.grab().save(str(given.out))
        service.close()
        stage.close()
        settle()
        gaps.sort()
        rare, worst, own = (ms * 1000 for ms in (gaps[-1 - len(gaps) // 100], gaps[-1], max(work)))
        print(  # noqa: T201
            f"{count / span:.1f} pictures a second on the screen (film 30.0, decoding alone "
            f"{alone(source[7:]):.0f}); 1 of 100 turns of the window over {rare:.0f} ms, "
            f"longest {worst:.0f}, longest own work {own:.0f} ms; "
            f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
