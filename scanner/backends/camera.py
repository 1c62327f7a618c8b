"""Document cameras and webcams through OpenCV: a live picture, and a shutter that releases itself.

Sources: "camera:0" (the device's number), and "camera:/path/film.avi", a film that stands in for a device.
One scan takes one page: when it lies still, whole, sharp and bright enough, or when the person presses.
"""

import secrets
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import cv2

from kioskcore.config import Scan
from kioskcore.errors import KioskError
from kioskcore.ports import Device, DeviceKind, Preview, Probe, ScanJob
from scanner.backends.eye import Shutter
from scanner.clean.arrays import Array
from scanner.files import write_whole

PREVIEW_WIDTH = 960
PREVIEWS_A_SECOND = 25
PATIENCE_SECONDS = 120.0
"""So long a page is waited for."""

SYSTEM_CAMERAS = Path("/sys/class/video4linux")

_FILES = 4  # names in turn, so that a reader is never robbed of the picture it is reading
_PREVIEW_QUALITY = 70
_PAGE_QUALITY = 95


class CameraBackend:
    name = "camera"

    def __init__(self, config: Scan) -> None:
        self._named = config.cameras
        self._size = (config.camera_width, config.camera_height)
        self._tell: Callable[[Preview], None] = _nobody
        self._cancelled = threading.Event()
        self._pressed = threading.Event()

    def probe(self) -> Probe:
        there = [number for number, _ in self._cameras()]
        return Probe(self.name, bool(there), None if there else "SCAN-NO-CAMERA", ", ".join(there))

    def devices(self) -> list[Device]:
        cameras = self._cameras()
        return [Device(f"{self.name}:{number}", DeviceKind.CAMERA, title) for number, title in cameras]

    def watch(self, tell: Callable[[Preview], None]) -> None:
        self._tell = tell

    def press(self) -> None:
        self._pressed.set()

    def cancel(self) -> None:
        self._cancelled.set()

    def scan(
        self,
        job: ScanJob,
        folder: Path,
        on_page: Callable[[Path], None],
        on_progress: Callable[[float], None],
    ) -> None:
        """Raises SCAN-NO-CAMERA, SCAN-IO (the camera went away), SCAN-NOT-SEEN, SCAN-CANCELLED."""
        self._cancelled.clear()
        self._pressed.clear()
        camera = Camera(job.source.partition(":")[2], self._size)
        try:
            page = self._wait_for_page(camera, _Show(folder, self._tell))
        finally:
            camera.close()
        file = folder / f"camera-{secrets.token_hex(6)}.jpg"
        write_whole(file, _jpeg(page, _PAGE_QUALITY))
        self._tell(Preview(None, "taken", taken=1))
        on_progress(1.0)
        on_page(file)

    def _wait_for_page(self, camera: "Camera", show: "_Show") -> Array:
        """The frame to keep."""
        end = time.monotonic() + PATIENCE_SECONDS
        with Shutter() as shutter:
            while (now := time.monotonic()) < end:
                if self._cancelled.is_set():
                    raise KioskError("SCAN-CANCELLED")
                frame = camera.read()
                if frame is None:
                    break
                kept = frame if self._pressed.is_set() else shutter.see(frame, now)
                if kept is not None:
                    return kept
                show(frame, shutter.hint, now)
            else:
                raise KioskError("SCAN-NOT-SEEN")
            kept = shutter.last() if camera.is_film else None
        if kept is None:
            raise KioskError("SCAN-NOT-SEEN" if camera.is_film else "SCAN-IO")
        return kept

    def _cameras(self) -> list[tuple[str, str]]:
        """Number and title. A camera has a second node for its data, which is none."""
        if self._named:
            return [(number, "") for number in self._named]
        if sys.platform == "win32":
            return [("0", "")] if _opens(0) else []
        found = []
        for node in sorted(SYSTEM_CAMERAS.glob("video*"), key=lambda node: (len(node.name), node.name)):
            if _first_line(node / "index") == "0" and node.name[5:].isdigit():
                found.append((node.name[5:], _first_line(node / "name")))
        return found


class Camera:
    """Frames of a device as they come, or of a film at its own pace. Raises SCAN-NO-CAMERA."""

    def __init__(self, place: str, size: tuple[int, int]) -> None:
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # it would tell the film's name
        self.is_film = not place.isdigit()
        if Path(place).is_file() if self.is_film else len(place) < 4:
            self._capture = _opened(place)
        else:
            self._capture = cv2.VideoCapture()
        if not self._capture.isOpened():
            raise KioskError("SCAN-NO-CAMERA")
        if not self.is_film:
            self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
            self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
            self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        rate = self._capture.get(cv2.CAP_PROP_FPS) if self.is_film else 0.0
        self._interval = 1 / rate if rate >= 1 else 0.0
        self._next = time.monotonic()

    def read(self) -> Array | None:
        """The next frame; None where the film ends or the device is gone."""
        self._next += self._interval
        late = self._next - time.monotonic()
        if self._interval and late > 0:
            time.sleep(late)
        good, frame = self._capture.read()
        return frame if good and frame is not None and frame.ndim == 3 else None

    def close(self) -> None:
        self._capture.release()


class _Show:
    """Small pictures of the frames, not more than the eye can follow."""

    def __init__(self, folder: Path, tell: Callable[[Preview], None]) -> None:
        self._folder = folder
        self._tell = tell
        self._next = 0.0
        self._count = 0

    def __call__(self, frame: Array, hint: str, now: float) -> None:
        if now < self._next:
            return
        self._next = max(self._next + 1 / PREVIEWS_A_SECOND, now)
        height = max(1, round(frame.shape[0] * PREVIEW_WIDTH / frame.shape[1]))
        small = cv2.resize(frame, (PREVIEW_WIDTH, height), interpolation=cv2.INTER_AREA)
        file = self._folder / f"live-{self._count % _FILES}.jpg"
        self._count += 1
        write_whole(file, _jpeg(small, _PREVIEW_QUALITY))
        self._tell(Preview(file, hint))


def _jpeg(image: Array, quality: int) -> bytes:
    good, content = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not good:
        raise KioskError("SCAN-IO")
    return content.tobytes()


def _opened(place: str) -> cv2.VideoCapture:
    if not place.isdigit():
        return cv2.VideoCapture(place)
    by_system = {"win32": cv2.CAP_DSHOW, "linux": cv2.CAP_V4L2}
    return cv2.VideoCapture(int(place), by_system.get(sys.platform, cv2.CAP_ANY))


def _opens(number: int) -> bool:
    try:
        Camera(str(number), (640, 480)).close()
    except KioskError:
        return False
    return True


def _first_line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()[:80]
    except OSError:
        return ""


def _nobody(preview: Preview) -> None:
    """Nobody looks."""
